/* Family F3 (plain PUK): one card, two card services, the portal with its vault, a holder who tries again.
 *
 * Mirrors docs/unlock-protocol.md and kilitcoz_portal/vault (snapshot.py, decisions.py, settlement.py, services.py);
 * README.md says what is left out. One rule it keeps: whatever the vault, the portal or a card service decides, it
 * decides from its own variables; only the card and the properties look at the card's.
 * Run by docs/tests/test_spin.py: as it stands it must hold; each -DNO_Rn_... must produce a counterexample.
 */

#ifndef RUNS
#define RUNS 3                  /* operations the holder starts while faults are about */
#endif
#define CALM_RUNS 3             /* and after they have ended: these must settle it */
#ifndef TOTAL
#define TOTAL     3             /* a card's PUK tries */
#endif
#define UNTOLD    7             /* a counter that the card does not tell */
#define NONE      0             /* no candidate, no PUK */
#define CURRENT   1             /* the two candidates, by name */
#define PENDING   2
#define ADOPTED   1             /* PUKs are small numbers, never used twice, as random ones are not: the adopted one, */
#define OTHER     15            /* and one that the vault never knew: the operator adopted a wrong one */
#define NOBODY    2             /* the card services are 0 and 1 */
#define P1 1                    /* the properties: each assertion begins with its own, so that the verifier names it */
#define P2 2
#define P3 3
#define P4 4
#define P5 5
#define P6 6
#define P7 7

/* ---- what there is -------------------------------------------------------------------------------------------------- */

mtype:secret = { KNOWN, ARMED, DOUBT, PUK_BLOCKED, MANUAL };
mtype:service = { IDLE, CLAIMED, HOLDING };           /* what a card service has got: nothing, M4, M6 */
mtype:answer = { UNSENT, ACCEPTED, REFUSED, LOST };   /* what the card said to one candidate */
typedef Release { byte first; byte second; byte fresh; byte fence };
typedef Result { bool waiting; byte fence; mtype:answer first; mtype:answer second; bool pin_set;
                 bool changed;                        /* a `24` was accepted */
                 byte tries;                          /* x of the last `63Cx` */
                 byte tries_after };                  /* the counter, read at the end */

/* The card: changed by APDUs alone. */
byte card_puk = ADOPTED;
byte card_tries = TOTAL;
bool card_pin_set = false;
bool card_tells;                /* its PUK counter (PIV: GET METADATA, INS F7) */
bool card_2c_refills;           /* SP 800-73-4 Part 2, 3.2.3: a RESET RETRY COUNTER may set the PUK counter to full */

/* The vault, durable (vault/snapshot.py): every atomic step that writes here is one commit. */
mtype:secret state = KNOWN;
byte current = ADOPTED;
byte pending = NONE;
bool pending_live = false;      /* pending may be on the card */
bool pending_first = false;     /* the order to try them in: true once current was refuted */
bool proved = false;            /* the card took current, and no answer was lost since */
byte left = TOTAL;              /* PUK tries that the card has at the least: the budget */
byte snapshot = TOTAL;          /* the same before the release that is out was charged */
bool told = false;              /* and the card itself said so */
byte out1 = NONE;               /* released candidates without an answer, in their order */
byte out2 = NONE;
byte fence = 0;                 /* number of the newest release */
byte lease = NOBODY;            /* the card service whose release may still reach the card */
bool settled = true;            /* the newest release has its result */
byte last_random = ADOPTED;
bool was_live = false;          /* pending_live before the answers were looked at */

/* The portal: at most one open operation per card. */
byte open = NOBODY;             /* the card service it is bound to by its first claim */
bool released = false;
bool told_done = false;         /* the page says "Kart PIN başarıyla değiştirildi" */

/* The card services: volatile; one that was killed is IDLE again. */
mtype:service service[2] = IDLE;
byte tries_read[2];             /* the counter in M3 */
Release release[2];             /* M6 */
Result result[2];               /* M7, in the service's or the network's hands */

/* The world. */
bool calm = false;              /* faults have ended */
bool ended = false;
bool misadopted = false;
bool foreign_try = false;       /* somebody tried a wrong PUK with another program, once */
byte initial_tries = TOTAL;
byte last_released = NONE;      /* watches P3: the pending secret of the newest release */

#define NO_PERSON_NEEDED (card_tells && !misadopted && !foreign_try && initial_tries >= 2)

#include "rules.pml"
#include "vault.pml"
#include "transaction.pml"

/* ---- the programs --------------------------------------------------------------------------------------------------- */

proctype CardService(byte me) {
  mtype:answer said = UNSENT;
  byte puk;
end:
  do
  :: atomic { open == me && !released && service[me] == IDLE ->                 /* M3, M4 */
      tries_read[me] = (card_tells -> card_tries : UNTOLD); service[me] = CLAIMED }
  :: atomic { open == me && !released && service[me] == CLAIMED && lease == NOBODY && state != ARMED ->
      arm(me);
      if
      :: service[me] == CLAIMED -> send_release(me)
      :: service[me] == CLAIMED && !calm -> skip                                /* the answer was lost */
      :: else                                                                   /* refused */
      fi }
  :: atomic { open == me && released && service[me] == CLAIMED && lease == me && state == ARMED ->
      send_release(me) }                                                        /* asked again: the same once more */
#ifdef NO_R8_INTENT             /* sent before the intent was committed, then killed */
  :: atomic { !calm && open == me && !released && service[me] == CLAIMED && state == KNOWN && last_random < 3 ->
      last_random++; release[me].first = current; release[me].second = NONE;
      release[me].fresh = last_random; release[me].fence = fence + 1; service[me] = HOLDING }
#endif
  :: atomic { service[me] == HOLDING -> transaction(me); forget_release(me);
      if
      :: result[me].waiting = true
      :: !calm -> forget_result(me)                                             /* killed before it could tell */
      fi }
  :: atomic { service[me] != IDLE && (!calm || open != me) -> forget_release(me) }     /* killed, or its time is up */
  od
}

inline deliver(me) {            /* M7 at the portal; the answer to it may be lost, then it is said again */
  if
  :: settle(me);                /* R8: commit, then notify */
    if
    :: released && result[me].fence == fence ->
      open = NOBODY; released = false; told_done = (state == KNOWN && result[me].pin_set)
    :: else
    fi;
    if :: forget_result(me) :: !calm -> skip fi
  :: !calm -> forget_result(me)                                                 /* lost */
#ifdef NO_R8_NOTIFY             /* told before the commit, then killed */
  :: !calm && result[me].pin_set -> told_done = true
#endif
  fi
}

proctype Portal() {             /* killed at a commit = the answer is lost; before one = the request is */
end:
  do
  :: atomic { result[0].waiting -> deliver(0) }
  :: atomic { result[1].waiting -> deliver(1) }
  :: atomic { lease != NOBODY && HELD_NO_MORE && !(calm && result[lease].waiting) -> end_lease() }
  od
}

inline begin() {                /* at either card service; a claim serves the operation it was made for */
  told_done = false;
  if :: service[0] == CLAIMED -> forget_release(0) :: else fi;
  if :: service[1] == CLAIMED -> forget_release(1) :: else fi;
  if :: open = 0 :: open = 1 fi
}

#define SETTLED (told_done || state == MANUAL || state == PUK_BLOCKED)

proctype Holder() {
  byte runs = 0;
  do
  :: atomic { open == NOBODY && runs < RUNS -> runs++; begin() }
  :: atomic { open != NOBODY -> open = NOBODY; released = false }               /* cancelled, expired */
  :: atomic { open == NOBODY -> calm = true; runs = 0; break }
  od;
  do
  :: atomic { open == NOBODY && !SETTLED && runs < CALM_RUNS -> runs++; begin() }
  :: atomic { open == NOBODY && (SETTLED || runs == CALM_RUNS) -> break }
  od;
  assert(P5 && (state == KNOWN && current == card_puk && card_pin_set
                || state == MANUAL && card_tries >= 1
                || state == PUK_BLOCKED && initial_tries == 0));
  ended = true
}

#define IS_CANDIDATE (card_puk == current || card_puk == pending && (pending_live || state == ARMED))

proctype World() {              /* watches, and does what is nobody's rule to prevent */
end:
  do
  :: atomic { !misadopted && state != MANUAL && !IS_CANDIDATE -> assert(P1 && false) }
  :: atomic { told_done && !(state == KNOWN && card_pin_set) -> assert(P7 && false) }
  :: atomic { !calm && !foreign_try && card_tries >= 2 && (card_tells || !misadopted) ->
      foreign_try = true; card_tries-- }
  od
}

init {
  atomic {
    if
    :: card_tells = true; select(initial_tries : 0 .. TOTAL); card_tries = initial_tries
    :: card_tells = false       /* adopted with all its tries: the vault has no means to know better */
    fi;
    select(card_2c_refills : 0 .. 1);
    if :: misadopted = true; card_puk = OTHER :: true fi;
    forget_result(0); forget_result(1);
    run CardService(0); run CardService(1); run Portal(); run Holder(); run World()
  }
}

ltl p5 { [] (calm -> <> ended) }                      /* P5: nothing waits for ever or goes round in circles */
