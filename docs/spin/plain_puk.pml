/* Family F3 (plain PUK): one card, two card services, the portal with its vault, a holder who tries again.
 *
 * Mirrors docs/unlock-protocol.md ("In the transaction", "The secret and its journal"); README.md says what is left out.
 * One rule it keeps: each rule R1-R9 stands at places marked with its name, and -DNO_Rn_... takes one of them away.
 * Run by docs/tests/test_spin.py: the model as it stands must hold, each mutant must produce a counterexample.
 */

#ifndef RUNS
#define RUNS 3                  /* operations the holder starts while faults are about */
#endif
#define CALM_RUNS 3             /* and after they have ended: these must settle it */
#define TOTAL     3             /* a card's PUK tries */
#define NONE      0             /* no PUK; the others are small numbers, never used twice, as random ones are not */
#define CURRENT   1             /* the two candidates */
#define PENDING   2
#define ADOPTED   1             /* the PUK that the vault was given when the card was adopted */
#define OTHER     15            /* a PUK that the vault never knew: the operator adopted a wrong one */
#define NOBODY    2             /* the card services are 0 and 1 */
#define UNTOLD    7             /* the card does not tell its counter */

#define P1 1                    /* numbers for the properties, so that the verifier names the one that fell */
#define P2 2
#define P3 3
#define P4 4
#define P5 5
#define P6 6
#define P7 7

mtype:secret = { KNOWN, ARMED, DOUBT, PUK_BLOCKED, MANUAL };
mtype:service = { IDLE, CLAIMED, HOLDING };           /* what a card service has got: nothing, M4, M6 */
mtype:answer = { UNSENT, ACCEPTED, REFUSED, LOST };   /* what the card said to one candidate */
typedef Release { byte first; byte second; byte new; byte fence };
typedef Result { bool waiting; byte fence; mtype:answer first; mtype:answer second; byte tries; byte tries_after; bool pin_set };

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
bool refuted[3] = false;        /* by CURRENT, PENDING: the card said no to it, or its counter did */
bool proved = false;            /* the card took current, and no answer was lost since */
byte counter = UNTOLD;          /* PUK tries as last read on the card */
byte left = TOTAL;              /* PUK tries that it has at the least: the budget */
byte out1 = NONE;               /* released candidates without an answer, in their order: NONE, CURRENT, PENDING */
byte out2 = NONE;
byte fence = 0;                 /* number of the last release */
byte lease = NOBODY;            /* the card service whose release may still reach the card */
byte last_random = ADOPTED;

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
byte last_released = NONE;      /* watches P3: the pending secret of the last release */

#define NO_PERSON_NEEDED (card_tells && !misadopted && !foreign_try && initial_tries >= 2)

/* ---- the vault (vault/decisions.py, vault/settlement.py) ---------------------------------------------------------- */

#ifndef NO_R4_ORDER
#define LIVE(c) ((c == CURRENT || pending_live) && !refuted[c])
#else
#define LIVE(c) (c == CURRENT || pending_live)
#endif

#ifndef NO_R3_RESERVE
#define RESERVE 1               /* R3: the last try is no software's */
#else
#define RESERVE 0
#endif

inline rest() {                 /* where a secret comes to rest; P1, second half: MANUAL only after evidence */
  if
  :: counter == 0 -> state = PUK_BLOCKED
  :: counter != 0 && (!LIVE(CURRENT) && !LIVE(PENDING) || left <= RESERVE) ->
    assert(P1 && !NO_PERSON_NEEDED); state = MANUAL
  :: else
  fi
}

inline read_counter(tries) {    /* R2: only a counter read on the card refunds; R5: what is gone refutes what was out */
#ifndef NO_R5_FELL
  if
  :: counter != UNTOLD && tries < counter -> refuted[out1] = true;
    if :: tries + 1 < counter -> refuted[out2] = true :: else fi
  :: else
  fi;
#endif
  counter = tries; left = tries; out1 = NONE; out2 = NONE; refuted[NONE] = false
}

inline in_doubt() {             /* R7: sent, no result */
  if :: out1 == CURRENT -> pending_live = true :: else fi;
  state = DOUBT; proved = false
}

inline arm(me) {                /* M5: contact, then candidates, charge, intent, fence and lease in one commit */
  if :: state == ARMED -> in_doubt() :: else fi;
#ifdef NO_R5_FULL
  if :: state == DOUBT && card_tells && tries_read[me] == counter -> current = pending; pending_live = false; state = KNOWN
  :: else fi;
#endif
  if :: card_tells -> read_counter(tries_read[me]) :: else fi;
  rest();
  if
  :: state == MANUAL || state == PUK_BLOCKED -> open = NOBODY; service[me] = IDLE
  :: else ->
    if
    :: pending == NONE || DRAW_ANEW -> last_random++; pending = last_random
    :: else
    fi;
    assert(P3 && (!pending_live || pending == last_released)); last_released = pending;
    out1 = (LIVE(CURRENT) -> CURRENT : PENDING);                                /* R4 */
    out2 = (out1 == CURRENT && LIVE(PENDING) && left >= RESERVE + 2 -> PENDING : NONE);
#ifndef NO_R2_CHARGE
    if :: !proved -> left = left - (out2 == NONE -> 1 : 2) :: else fi;          /* R2 */
#endif
    fence++; lease = me; state = ARMED; released = true
  fi
}
#ifndef NO_R1_REUSE
#define DRAW_ANEW false
#else
#define DRAW_ANEW true
#endif
#define VALUE(c) (c == CURRENT -> current : (c == PENDING -> pending : NONE))

inline send_release(me) {       /* M6 */
  release[me].first = VALUE(out1); release[me].second = VALUE(out2); release[me].new = pending;
  release[me].fence = fence; service[me] = HOLDING
}

inline take_pending(me) {       /* R1: only a 9000 resolves */
  current = pending; pending = NONE; pending_live = false; refuted[CURRENT] = false; refuted[PENDING] = false;
  out1 = NONE; out2 = NONE; left = TOTAL; counter = UNTOLD; proved = result[me].pin_set; state = KNOWN
}

inline no_proof(me) {
  if
  :: result[me].first == LOST && out1 == CURRENT || result[me].second == LOST && out2 == CURRENT -> pending_live = true
  :: else
  fi;
  if :: result[me].first == REFUSED -> refuted[out1] = true; left = result[me].tries; counter = left; out1 = NONE :: else fi;
  if :: result[me].second == REFUSED -> refuted[out2] = true; out2 = NONE :: else fi;
  if
  :: result[me].first == LOST || result[me].second == LOST -> proved = false
  :: else -> out1 = NONE; out2 = NONE
  fi;
  if
  :: pending_live && LIVE(PENDING) -> state = DOUBT
  :: else -> state = KNOWN; pending_live = false; refuted[PENDING] = false
  fi
}

inline settle(me) {             /* M7: one commit; said twice, or by a stale worker, it does nothing */
  if
  :: FENCE_HOLDS(me) && (state == ARMED || state == DOUBT) ->                   /* R9 */
#ifndef UNWATCHED_P4
    assert(P4 && result[me].fence == fence);
#endif
    if :: result[me].first == ACCEPTED || result[me].second == ACCEPTED -> take_pending(me) :: else -> no_proof(me) fi;
    if :: card_tells && result[me].tries_after != UNTOLD -> read_counter(result[me].tries_after) :: else fi;
    rest();
    if :: lease == me -> lease = NOBODY :: else fi
  :: else
  fi
}
#ifndef NO_R9_FENCE
#define FENCE_HOLDS(me) (result[me].fence == fence)
#else
#define FENCE_HOLDS(me) true
#endif



/* ---- the card and its one exclusive transaction ------------------------------------------------------------------ */

inline wrong_puk() { card_tries--; assert(P2 && card_tries > 0); said = REFUSED }

inline change_puk(c, fresh) {   /* `24`, reference 81 */
  if
  :: card_puk == c -> card_puk = fresh; card_tries = TOTAL; said = ACCEPTED
  :: else -> wrong_puk()
  fi
}

inline unblock_pin(puk) {       /* `2C` */
  if
  :: !calm -> said = LOST       /* 6A80, the PIN's form: says nothing of the PUK (SP 800-73-5 Part 2, 3.2.3) */
#ifdef NO_R1_PROOF
              ; said = ACCEPTED
#endif
  :: !calm && card_puk != puk -> wrong_puk(); said = LOST     /* some cards answer 6A80 and take a try all the same */
  :: card_puk == puk -> card_pin_set = true; said = ACCEPTED;
    if
    :: card_2c_refills -> card_tries = TOTAL
    :: else
    fi
  :: card_puk != puk -> wrong_puk()
  fi
}

inline try_candidate(me, c) {   /* torn before, run, or torn after */
  if
  :: !calm -> said = LOST
  :: c == release[me].new -> unblock_pin(c); if :: said == ACCEPTED -> result[me].pin_set = true :: else fi
  :: c != release[me].new -> change_puk(c, release[me].new)
  fi;
  if
  :: !calm -> said = LOST; result[me].pin_set = false
  :: else
  fi
}

#ifndef NO_R6_COUNTER
#define COUNTER_FITS(me) (!card_tells || tries_read[me] == card_tries)
#else
#define COUNTER_FITS(me) true
#endif

inline transaction(me) {        /* exclusive, so atomic: neither the vault nor another service can look into it */
  result[me].fence = release[me].fence;
  result[me].first = UNSENT; result[me].second = UNSENT; result[me].pin_set = false; result[me].tries = 0;
  result[me].tries_after = UNTOLD;
  if
  :: !calm ->                   /* another card lies in the reader */
#ifdef NO_R6_IDENTITY
    assert(P6 && false);
#endif
    skip
  :: COUNTER_FITS(me) -> try_both(me)
  :: !COUNTER_FITS(me)          /* R6: not as it was read: nothing is sent */
  fi
}

inline try_both(me) {
  try_candidate(me, release[me].first);
  result[me].first = said; result[me].tries = card_tries;
  if
#ifndef NO_R3_STOP
  :: said == REFUSED && release[me].second != NONE && card_tries >= 2 ->     /* R3: as `63Cx` said */
#else
  :: said == REFUSED && release[me].second != NONE ->
#endif
    try_candidate(me, release[me].second);
    result[me].second = said
  :: else
  fi;
  if                            /* a `24` went through: now `2C` with the new PUK */
  :: said == ACCEPTED && !result[me].pin_set -> unblock_pin(release[me].new);
    if
    :: said == ACCEPTED -> result[me].pin_set = true
    :: !calm -> skip            /* torn before it was heard */
    :: else
    fi
  :: else
  fi
#ifdef NO_R6_LOST
  ; if
  :: result[me].first == LOST -> result[me].first = UNSENT
  :: else
  fi
#endif
}

/* ---- the programs ------------------------------------------------------------------------------------------------ */

#ifndef NO_R9_LEASE
#define LEASE_FREE(me) (lease == NOBODY || lease == me)                       /* R9 */
#else
#define LEASE_FREE(me) true
#endif

inline deliver() {              /* M7 at the portal; the answer to it may be lost, then it is said again */
  if
  :: settle(me);                /* R8: commit, then notify */
    if
    :: released && result[me].fence == fence ->
      open = NOBODY; released = false;
      told_done = (state == KNOWN && result[me].pin_set)
    :: else
    fi;
    if
    :: result[me].waiting = false
    :: !calm -> skip
    fi
  :: !calm -> result[me].waiting = false
#ifdef NO_R8_NOTIFY
  :: !calm && result[me].pin_set -> told_done = true                          /* mutant: told, then killed */
#endif
  fi
}

proctype CardService(byte me) {
  mtype:answer said;
end:
  do
  :: atomic { open == me && !released && service[me] == IDLE ->               /* M3, M4 */
      tries_read[me] = (card_tells -> card_tries : UNTOLD); service[me] = CLAIMED }
  :: atomic { open == me && service[me] == CLAIMED && !released && LEASE_FREE(me) -> arm(me);
      if
      :: state == ARMED && service[me] == CLAIMED -> send_release(me)
      :: state == ARMED && service[me] == CLAIMED && !calm -> skip            /* the answer was lost */
      :: state != ARMED
      fi }
  :: atomic { open == me && service[me] == CLAIMED && released && lease == me && state == ARMED ->
      send_release(me) }                                                      /* asked again: the same once more */
#ifdef NO_R8_INTENT
  :: atomic { !calm && open == me && service[me] == CLAIMED && state == KNOWN ->     /* mutant: sent, then killed */
      last_random++; release[me].first = current; release[me].second = NONE;
      release[me].new = last_random; release[me].fence = fence + 1; service[me] = HOLDING }
#endif
  :: atomic { service[me] == HOLDING -> transaction(me); service[me] = IDLE;
      if
      :: result[me].waiting = true
      :: !calm -> result[me].waiting = false                                  /* killed before it could tell */
      fi }
  :: atomic { service[me] != IDLE && (!calm || open != me) -> service[me] = IDLE }   /* killed, or its time was up */
  od
}

proctype Portal() {
  byte me;
end:
  do
  :: atomic { result[0].waiting -> me = 0; deliver() }
  :: atomic { result[1].waiting -> me = 1; deliver() }
  :: atomic { !calm && state == ARMED -> state = DOUBT }                     /* R7: killed and started again */
  :: atomic { lease != NOBODY && service[lease] != HOLDING && !(calm && result[lease].waiting) -> lease = NOBODY }
  od
}

inline begin() {                /* at either card service; a claim serves the operation it was made for */
  told_done = false;
  if :: service[0] == CLAIMED -> service[0] = IDLE :: else fi;
  if :: service[1] == CLAIMED -> service[1] = IDLE :: else fi;
  if
  :: open = 0
  :: open = 1
  fi
}

proctype Holder() {
  byte runs = 0;
  do
  :: atomic { open == NOBODY && runs < RUNS -> runs++; begin() }
  :: atomic { open != NOBODY -> open = NOBODY; released = false }             /* cancelled, expired */
  :: atomic { open == NOBODY -> calm = true; runs = 0; break }
  od;
  do
  :: atomic { open == NOBODY && !told_done && runs < CALM_RUNS && state != MANUAL && state != PUK_BLOCKED ->
      runs++; begin() }
  :: atomic { open == NOBODY && (told_done || runs == CALM_RUNS || state == MANUAL || state == PUK_BLOCKED) -> break }
  od;
  assert(P5 && (state == KNOWN && current == card_puk && card_pin_set || state == MANUAL && card_tries >= 1
                || state == PUK_BLOCKED && initial_tries == 0));
  ended = true
}

proctype Watch() {
end:
  do
  :: atomic { !(card_puk == current || card_puk == pending || state == MANUAL || misadopted) ->
      assert(P1 && (card_puk == current || card_puk == pending)) }
  :: atomic { told_done && !(state == KNOWN && card_pin_set) -> assert(P7 && !told_done) }
  :: atomic { !calm && !foreign_try && card_tries >= 2 && (card_tells || !misadopted) -> foreign_try = true; card_tries-- }
  od
}

init {
  atomic {
    if
    :: card_tells = true; select(initial_tries : 0 .. TOTAL); card_tries = initial_tries
    :: card_tells = false
    fi;
    select(card_2c_refills : 0 .. 1);
    if
    :: misadopted = true; card_puk = OTHER
    :: misadopted = false
    fi;
    run CardService(0); run CardService(1); run Portal(); run Holder(); run Watch()
  }
}

ltl p5 { [] (calm -> <> ended) }                        /* P5: nothing goes round in circles or waits for ever */
