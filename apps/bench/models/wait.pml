/* Waiting on the interlock's condition: the lock is dropped in the step that joins the waiters, retaken on waking. */
#define WHILE_TAKEN d_step { waiting = waiting | mine; RELEASE }; \
              if :: (waiting & mine) == 0 :: stopped -> goto end_stopped fi; \
              ACQUIRE; \
              goto claim
