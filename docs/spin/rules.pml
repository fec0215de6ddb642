/* The rules R1-R9 as switches: -DNO_Rn_... takes one place of one rule away. What is not a plain condition stands,
 * under the same name, where it is used. docs/decisions/0001-rules-of-the-secret.md has their text.
 */

#ifndef NO_R1_REUSE             /* a pending secret is drawn once and kept until it is resolved */
#define DRAW (pending == NONE)
#else
#define DRAW true
#endif

#ifndef NO_R1_PROOF             /* 9000, and nothing else, proves a candidate */
#define NOT_PROVED LOST
#else
#define NOT_PROVED ACCEPTED
#endif

#ifndef NO_R2_CHARGE            /* the budget is charged before an unproved candidate is sent */
#define CHARGE (proved -> 0 : (out2 == NONE -> 1 : 2))
#else
#define CHARGE 0
#endif

#ifndef NO_R2_AFTER             /* x of `63Cx` refunds what was sent before it: what was lost after it stays charged */
#define LOST_AFTER(me) (result[me].second == LOST -> 1 : 0)
#else
#define LOST_AFTER(me) 0
#endif

#ifndef NO_R2_TOLD              /* a charge is no evidence: it counts at the next contact, when the card may have told */
#define REST_NOW false
#else
#define REST_NOW (left <= RESERVE)
#endif

#ifndef NO_R3_RESERVE           /* the vault releases nothing at the last try */
#define RESERVE 1
#else
#define RESERVE 0
#endif

#ifndef NO_R3_STOP              /* nor does the card service send a second candidate at it */
#define MAY_GO_ON (card_tries >= 2)                   /* it has this from `63Cx` */
#else
#define MAY_GO_ON true
#endif

#ifndef NO_R4_ORDER             /* current first, unless refuted */
#define FIRST_PENDING pending_first
#else
#define FIRST_PENDING false
#endif

#ifndef NO_R5_FELL              /* a counter that fell since it was last told refutes the first candidate that was out */
#define FELL(reading) (told && out1 != NONE && reading < snapshot)
#else
#define FELL(reading) false
#endif

#ifndef NO_R6_COUNTER           /* the counter is read again in the transaction: the card must be as it was claimed */
#define AS_CLAIMED(me) (!card_tells || tries_read[me] == card_tries)
#else
#define AS_CLAIMED(me) true
#endif

#ifndef NO_R7_SWEEP             /* sent, no result: in doubt, once the lease is over */
#define SWEPT true
#else
#define SWEPT false
#endif

#ifndef NO_R9_FENCE             /* a stale worker cannot commit */
#define NEWEST(me) (result[me].fence == fence)
#else
#define NEWEST(me) true
#endif

#ifndef NO_R9_ONCE              /* nor anybody twice */
#define FIRST_TIME (!settled)
#else
#define FIRST_TIME true
#endif

#ifndef NO_R9_LEASE             /* a lease outlasts the time in which a card service may still use its release */
#define HELD_NO_MORE (service[lease] != HOLDING)
#else
#define HELD_NO_MORE true
#endif
