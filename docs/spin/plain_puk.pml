/* Family F3 (plain PUK): one card, two card services, the portal with its vault, a holder who tries again.
 *
 * Mirrors docs/unlock-protocol.md ("In the transaction", "The secret and its journal"); README.md says what is left out.
 * One rule it keeps: each rule R1-R9 stands at one or two marked places, and -DNO_Rn_... takes exactly that place away.
 * Run by docs/tests/test_spin.py: the model as it stands must hold, each mutant must produce a counterexample.
 */

#ifndef RUNS
#define RUNS 3                  /* how often the holder starts an operation while faults are about */
#endif
#define CALM_RUNS 2             /* how often the holder runs it again once they have ended: one must settle it */
#define TOTAL     3             /* a card's PUK tries */
#define NONE      0             /* no PUK: values are small numbers, never used twice, as random ones are not */
#define ADOPTED   1             /* the PUK that the vault was given when the card was adopted */
#define OTHER     15            /* a PUK that the vault never knew: the operator adopted a wrong one */
#define UNTOLD    7             /* the card does not tell its PUK counter */
#define SERVICES  2
#define NOBODY    SERVICES

mtype:secret = { KNOWN, ARMED, DOUBT, PUK_BLOCKED, MANUAL };
mtype:service = { IDLE, CLAIMED, HOLDING };           /* what a card service has: nothing, M4, M6 */
mtype:answer = { UNSENT, ACCEPTED, REFUSED, LOST };   /* what the card said to one candidate */

/* The card. Nothing but an APDU or a person changes it. */
byte card_puk = ADOPTED;
byte card_tries = TOTAL;
bool card_pin_set = false;
bool card_tells;                /* its PUK counter (PIV: GET METADATA, INS F7) */
bool card_2c_refills;           /* SP 800-73-4 Part 2, 3.2.3: RESET RETRY COUNTER may set the PUK counter to full */
bool swapped = false;           /* another holder's card lies in the reader */

/* The vault, durable: every atomic step below that writes here is one commit. */
mtype:secret state = KNOWN;
byte current = ADOPTED;
byte pending = NONE;
bool pending_first = false;     /* order of the candidates in doubt: true once the current one was refuted */
byte offered = 0;               /* candidates in the last release */
byte left = TOTAL;              /* budget: the PUK tries the card has at least, whatever became of the last release */
byte snapshot = TOTAL;          /* the same before the last charge: told by the card, or the budget itself */
byte fence = 0;                 /* number of the last release */
byte lease = NOBODY;            /* whose release may still be on its way to the card */
byte last_random = ADOPTED;

/* The portal's open operation: at most one per card. */
byte open = NOBODY;             /* the card service it is bound to by its first claim */
bool released = false;
bool told_done = false;         /* the holder's page says "Kart PIN başarıyla değiştirildi" */

/* The card services: volatile; a killed one is IDLE again. */
typedef Release { byte first; byte second; byte new; byte fence };
typedef Result { bool waiting; byte fence; mtype:answer first; mtype:answer second; byte tries };
mtype:service service[SERVICES] = IDLE;
byte tries_read[SERVICES];      /* the counter in M3 */
Release release[SERVICES];      /* M6 */
Result result[SERVICES];        /* M7, in the service's or the network's hands */

/* The environment. */
bool calm = false;              /* faults have ended */
bool misadopted = false;
bool foreign_try = false;       /* somebody tried a wrong PUK with another program */
bool ended = false;
byte initial_tries = TOTAL;

#define COMMON_CASE (card_tells && !misadopted && !foreign_try && initial_tries >= 2)

/* P1: the card's PUK is among the candidates, or a person has been called. */
#define P1 (card_puk == current || card_puk == pending || state == MANUAL || misadopted)

inline to_manual() {
  assert(!COMMON_CASE);         /* P1, second half: a card that tells its tries never needs a person */
  state = MANUAL
}

/* ---- vault: arm, the only way from a secret to a release (M5, M6) -------------------------------------------- */

inline draw_pending() { last_random++; pending = last_random }

inline settle_contact(me) {     /* R7, R5: what is in doubt is looked at before all else */
  if
#ifndef NO_R7_SWEEP
  :: state == ARMED -> state = DOUBT
#endif
  :: else
  fi;
  if
#ifndef NO_R5_REFUTED
  :: state == DOUBT && card_tells && tries_read[me] < snapshot -> pending_first = !pending_first   /* R5, R4 */
#endif
#ifdef NO_R5_NEVER_RAN          /* mutant: a full counter is taken for success */
  :: state == DOUBT && card_tells && tries_read[me] == snapshot -> current = pending; pending = NONE; state = KNOWN
#endif
  :: else
  fi
}

inline charge(me) {             /* R2, R3 */
  if
  :: card_tells -> snapshot = tries_read[me]
  :: else -> snapshot = left
  fi;
#ifdef NO_R2_CHARGE             /* mutant: the charge is not durable; each release starts from what it started from */
  left = snapshot
#else
  left = (snapshot > offered + 1 -> snapshot - offered : 1)   /* never 0: the service stops at one try by itself */
#endif
}

#ifdef NO_R3_VAULT
#define RESERVE 0
#else
#define RESERVE 1               /* R3: the last try is no software's */
#endif

inline arm(me) {
  settle_contact(me);
  if
  :: (card_tells -> tries_read[me] : left) <= RESERVE ->
    if
    :: card_tells && tries_read[me] == 0 -> state = PUK_BLOCKED
    :: else -> to_manual()
    fi;
    open = NOBODY; service[me] = IDLE
  :: else ->
    if
    :: state == KNOWN -> draw_pending(); pending_first = false; offered = 1
    :: else -> offered = 2;
#ifdef NO_R1_REPLACE
      draw_pending()
#endif
    fi;
    charge(me);
    fence++;
    lease = me;
    state = ARMED;
    released = true
  fi
}

inline take_release(me) {       /* the answer M6 arrives */
  release[me].new = pending;
  release[me].fence = fence;
  if
  :: offered == 2 && pending_first -> release[me].first = pending; release[me].second = current
  :: offered == 2 && !pending_first -> release[me].first = current; release[me].second = pending
  :: else -> release[me].first = current; release[me].second = NONE
  fi;
#ifdef NO_R4_ORDER              /* mutant: current first, refuted or not */
  if
  :: offered == 2 -> release[me].first = current; release[me].second = pending
  :: else
  fi;
#endif
  service[me] = HOLDING
}

/* ---- vault: settle (M7) -------------------------------------------------------------------------------------- */

#define R(me) result[me]

inline settle(me) {
  if
#ifdef NO_R9_FENCE
  :: state == ARMED || state == DOUBT || state == KNOWN && pending == NONE && current != ADOPTED ->
    if
    :: state == KNOWN && (R(me).first == ACCEPTED || R(me).second == ACCEPTED) -> skip
    :: else -> apply(me)
    fi
#else
  :: (state == ARMED || state == DOUBT) && R(me).fence == fence -> apply(me)
#endif
  :: else                       /* stale, or told twice: nothing is done */
  fi
}

inline apply(me) {
  assert(R(me).fence == fence); /* P4 */
  if
  :: R(me).first == ACCEPTED || R(me).second == ACCEPTED ->
    if
    :: R(me).first == REFUSED -> left = R(me).tries
    :: else -> left = snapshot
    fi;
    current = pending; pending = NONE; pending_first = false; state = KNOWN
  :: R(me).first == UNSENT ->   /* nothing left the service: as before, and what was charged stays charged (R2) */
    if
    :: offered == 1 -> state = KNOWN; pending = NONE
    :: else -> state = DOUBT
    fi
  :: R(me).first == REFUSED && (offered == 1 || R(me).second == REFUSED) ->
    left = R(me).tries;
    to_manual()
  :: R(me).first == REFUSED && offered == 2 && R(me).second != REFUSED && R(me).second != ACCEPTED ->
    left = (R(me).second == LOST && R(me).tries > 1 -> R(me).tries - 1 : R(me).tries);
    pending_first = !pending_first;
    state = DOUBT
  :: R(me).first == LOST -> state = DOUBT
  fi;
  if
  :: lease == me -> lease = NOBODY
  :: else
  fi
}
