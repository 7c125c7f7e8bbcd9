import type { Run, State } from '../events';
import { factsOf } from './runFacts';
import type { IEndView } from './views';

const views = new WeakMap<Run, IEndView>();

/** How the runs ended; one that looks as it did is the same object as before. */
export function endsOf(state: State, live: boolean): IEndView[] {
  return state.runs.flatMap((run, index) => {
    const latest = index === state.runs.length - 1;
    const reason = run.reason ?? (latest && live ? null : 'cut');
    if (reason === null) {
      return [];
    }
    const next = state.runs[index + 1];
    const cut = next ? next.seq - 0.5 : state.seq + 0.5;
    const order = run.reason === null ? cut : run.finished_seq;
    const last = views.get(run);
    if (
      last?.reason === reason &&
      last.latest === latest &&
      last.order === order
    ) {
      return [last];
    }
    const view: IEndView = {
      kind: 'end',
      key: `end-${run.run_id}`,
      order,
      run,
      reason,
      answer: reason === 'answered' ? unsaid(state, run) : '',
      facts: factsOf(state, run),
      latest
    };
    views.set(run, view);
    return [view];
  });
}

/** The run's answer where it is not what its last step says anyway. */
function unsaid(state: State, run: Run): string {
  const steps = state.steps.filter(step => step.run_id === run.run_id);
  const last = steps[steps.length - 1];
  const answer = run.answer.trim();
  // Tags tell the answer from the thoughts before it.
  const said =
    last?.action_format === 'execute'
      ? last.text.includes(answer)
      : last?.text.trim() === answer;
  return said ? '' : run.answer;
}
