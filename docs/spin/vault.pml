/* The vault: what kilitcoz_portal/vault decides (decisions.py, settlement.py, services.py), one inline per function.
 * One rule it keeps: it looks at its own variables and at what it was told, never at the card.
 */

inline read_counter(reading) {  /* R2: refunds what was charged; R5: a counter that fell orders the candidates anew */
  if
  :: FELL(reading) -> pending_first = !pending_first
  :: else
  fi;
  left = reading; snapshot = reading; told = true; out1 = NONE; out2 = NONE
}

inline call_a_person() { assert(P1 && !NO_PERSON_NEEDED); state = MANUAL }      /* P1: only after evidence */

inline void_claims() {          /* R6: what was claimed before the newest result, or before a lease ended, is read again */
#ifndef NO_R6_CLAIM
  if :: service[0] == CLAIMED -> forget_release(0) :: else fi;
  if :: service[1] == CLAIMED -> forget_release(1) :: else fi;
#endif
  skip
}

#define REFUSED_FIRST(me)  (result[me].first == REFUSED)
#define ANY_LOST(me)       (result[me].first == LOST || result[me].second == LOST)
#define CHANGE_LOST(me)    (result[me].first == LOST && out1 == CURRENT || result[me].second == LOST && out2 == CURRENT)

inline take_pending(me, by_pin) {                       /* R1: a 9000, and nothing else, resolves */
  if
  :: result[me].changed -> left = TOTAL                 /* a `24` that succeeds fills the counter */
  :: !result[me].changed && REFUSED_FIRST(me) -> left = result[me].tries
  :: else -> left = snapshot
  fi;
  current = pending; pending = NONE; pending_live = false; pending_first = false;
  out1 = NONE; out2 = NONE; told = false; proved = by_pin; state = KNOWN
}

inline contact(me) {            /* the card was read: what is in doubt is looked at before all else */
#ifdef NO_R5_RAN                /* a full counter does not mean success: the candidate may never have run */
  if :: state == DOUBT && card_tells && told && tries_read[me] == snapshot -> take_pending(me, false) :: else fi;
#endif
  if :: card_tells -> read_counter(tries_read[me]) :: else fi;
  if
  :: state == MANUAL || state == PUK_BLOCKED
  :: state != MANUAL && state != PUK_BLOCKED && told && left == 0 -> state = PUK_BLOCKED
  :: state != MANUAL && state != PUK_BLOCKED && !(told && left == 0) && left <= RESERVE -> call_a_person()      /* R3 */
  :: else
  fi
}

inline arm(me) {                /* M5: candidates, charge, intent, fence and lease in one commit (R8) */
  contact(me);
  if
  :: state == MANUAL || state == PUK_BLOCKED -> open = NOBODY; forget_release(me)
  :: else ->
    if :: DRAW -> last_random++; pending = last_random :: else fi;
    assert(P3 && (!pending_live || pending == last_released));
    last_released = pending;
    out1 = (pending_live && FIRST_PENDING -> PENDING : CURRENT);                /* R4 */
    out2 = (pending_live -> 3 - out1 : NONE);
    snapshot = left;
    left = (left > CHARGE + 1 -> left - CHARGE : 1);    /* R2; not below 1: there the service stops by itself (R3) */
    fence++; lease = me; settled = false; state = ARMED; released = true
  fi
}

inline send_release(me) {       /* M6 */
  release[me].first = (out1 == CURRENT -> current : pending);
  release[me].second = (out2 == NONE -> NONE : (out2 == CURRENT -> current : pending));
  release[me].fresh = pending; release[me].fence = fence;
  service[me] = HOLDING
}

inline keep_both(me) {          /* no 9000 among the answers */
  if :: REFUSED_FIRST(me) || ANY_LOST(me) -> proved = false :: else fi;
  if
  :: REFUSED_FIRST(me) ->
    left = (result[me].tries > LOST_AFTER(me) + 1 -> result[me].tries - LOST_AFTER(me) : 1);      /* R2 */
    snapshot = result[me].tries; told = true
  :: else
  fi;
  was_live = pending_live;
  pending_live = pending_live || CHANGE_LOST(me);
  if
  :: REFUSED_FIRST(me) && (out2 == NONE || result[me].second == REFUSED) -> out1 = NONE; out2 = NONE; call_a_person()
  :: !(REFUSED_FIRST(me) && (out2 == NONE || result[me].second == REFUSED)) ->
    if :: pending_live && REFUSED_FIRST(me) -> pending_first = !pending_first; out1 = out2; out2 = NONE :: else fi;   /* R4 */
    if :: !ANY_LOST(me) || !was_live -> out1 = NONE; out2 = NONE :: else fi;     /* R5 needs two that were out */
    state = (pending_live -> DOUBT : KNOWN)
  fi;
  was_live = false
}

inline settle(me) {             /* M7: one commit; said twice, or by a stale worker, it does nothing */
  if
  :: NEWEST(me) && FIRST_TIME && (state == ARMED || state == DOUBT) ->          /* R9 */
#ifndef P4_UNWATCHED
    assert(P4 && result[me].fence == fence);
#endif
    if
    :: result[me].first == ACCEPTED || result[me].second == ACCEPTED -> take_pending(me, result[me].pin_set)
    :: else -> keep_both(me)
    fi;
    if :: result[me].tries_after != UNTOLD -> read_counter(result[me].tries_after) :: else fi;
    if :: state != MANUAL && REST_NOW -> call_a_person() :: else fi;
    lease = NOBODY; settled = true; void_claims()
  :: else
  fi
}

inline end_lease() {            /* R7: sent, no result; by the sweep, or at the card's next contact */
  lease = NOBODY;
  if
  :: state == ARMED && SWEPT -> pending_live = true; proved = false; state = DOUBT; void_claims()
  :: else
  fi
}
