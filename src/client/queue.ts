import type { Activity, Message, State } from '../events';
import { openRun } from './fold';

/** The messages that wait to be told with the next request of the live run, and can be changed until then. */
export function queued(state: State, activity: Activity | null): Message[] {
  const run = openRun(state);
  if (!run || !activity || activity.state === 'idle') {
    return [];
  }
  const seen = state.steps[state.steps.length - 1]?.seen_seq ?? 0;
  const told = Math.max(run.seq, seen, activity.told_seq);
  return state.messages.filter(
    ({ seq, withdrawn }) => seq > told && !withdrawn
  );
}
