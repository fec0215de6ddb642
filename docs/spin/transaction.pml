/* The card, and a card service's one exclusive transaction with it (docs/unlock-protocol.md, "In the transaction").
 * Exclusive, so atomic: nobody else can reach the card meanwhile, and the card service asks nobody else.
 */

inline forget_release(me) {     /* used once, or never; clearing what is dead also keeps the search small */
  release[me].first = NONE; release[me].second = NONE; release[me].fresh = NONE; release[me].fence = 0;
  tries_read[me] = 0; service[me] = IDLE
}

inline forget_result(me) {
  result[me].fence = 0; result[me].first = UNSENT; result[me].second = UNSENT; result[me].pin_set = false; result[me].changed = false;
  result[me].tries = 0; result[me].tries_after = UNTOLD; result[me].waiting = false
}

inline wrong_puk() { card_tries--; assert(P2 && card_tries > 0); said = REFUSED }

inline change_puk(fresh_puk) {  /* `24`, reference 81 */
  if
  :: card_puk == puk -> card_puk = fresh_puk; card_tries = TOTAL; said = ACCEPTED
  :: else -> wrong_puk()
  fi
}

inline unblock_pin() {          /* `2C` */
  if
  :: card_puk == puk -> card_pin_set = true; said = ACCEPTED;
    if :: card_2c_refills -> card_tries = TOTAL :: true fi
  :: card_puk != puk -> wrong_puk()
  :: !calm -> said = NOT_PROVED /* 6A80, the PIN's form: says nothing of the PUK (SP 800-73-5 Part 2, 3.2.3) */
  :: !calm && card_puk != puk -> wrong_puk(); said = NOT_PROVED                 /* and may take a try all the same */
  fi
}

inline send(me) {               /* torn before, run, or torn after */
  if
  :: !calm -> said = LOST
  :: puk == release[me].fresh -> unblock_pin()
  :: puk != release[me].fresh -> change_puk(release[me].fresh)
  fi;
  if
  :: !calm -> said = LOST
  :: true
  fi
}

inline candidate_said(me) {
  if
  :: puk == release[me].second -> result[me].second = said
  :: else -> result[me].first = said
  fi
}

inline send_candidates(me) {
  puk = release[me].first;
  do
  :: send(me);
    if
    :: said == REFUSED -> result[me].tries = card_tries
    :: else
    fi;
    if
    :: result[me].changed -> result[me].pin_set = (said == ACCEPTED); break      /* `2C` after a `24` */
    :: !result[me].changed && puk == release[me].fresh ->
      candidate_said(me); result[me].pin_set = (said == ACCEPTED);
      if
      :: said == REFUSED && release[me].second != NONE && release[me].second != puk && MAY_GO_ON ->
        puk = release[me].second                                                /* R3 */
      :: else -> break
      fi
    :: !result[me].changed && puk != release[me].fresh ->
      candidate_said(me);
      if
      :: said == ACCEPTED -> result[me].changed = true; puk = release[me].fresh
      :: said == REFUSED && release[me].second != NONE && release[me].second != puk && MAY_GO_ON ->
        puk = release[me].second                                                /* R3 */
      :: else -> break
      fi
    fi
  od;
  if
  :: card_tells && said != LOST -> result[me].tries_after = card_tries
  :: else
  fi;
#ifdef NO_R6_LOST               /* an answer that did not come is taken for a command that was not sent */
  if :: result[me].first == LOST -> result[me].first = UNSENT :: else fi;
#endif
  puk = NONE; said = UNSENT
}

inline transaction(me) {
  forget_result(me); result[me].fence = release[me].fence;
  if
  :: !calm ->                   /* R6: another card lies in the reader, and is found out */
#ifdef NO_R6_IDENTITY
    assert(P6 && false);        /* a PUK was sent to it */
#endif
    skip
  :: !AS_CLAIMED(me)            /* R6: the card is not as it was read: nothing is sent */
  :: AS_CLAIMED(me) -> send_candidates(me)
  fi
}
