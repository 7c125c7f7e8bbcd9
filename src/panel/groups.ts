import type { IStepView } from './views';

/**
 * `steps`, and the one that is being written, each failed one and those after it up to the first that succeeds marked
 * as one group.
 */
export function groups(
  steps: ReadonlyArray<IStepView>,
  writing: IStepView | null
): IStepView[] {
  const all = writing ? [...steps, writing] : [...steps];
  const marks = marksOf(all);
  return all.map((view, index) => marked(view, marks[index]));
}

function marksOf(steps: ReadonlyArray<IStepView>): IStepView['fixing'][] {
  const marks: IStepView['fixing'][] = steps.map(() => null);
  let start = -1;
  const close = (end: number) => {
    if (start >= 0 && end > start) {
      marks.fill('inside', start, end);
      marks[start] = 'first';
      marks[end] = 'last';
    }
    start = -1;
  };
  steps.forEach((view, index) => {
    const answer = view.status === null && !view.facts?.problem;
    const other =
      view.facts && view.facts.run_id !== steps[start]?.facts?.run_id;
    if (start >= 0 && (answer || other)) {
      close(index - 1);
    }
    if (start >= 0 && view.status === 'ok') {
      close(index);
    } else if (start < 0 && view.status === 'error') {
      start = index;
    }
  });
  close(steps.length - 1);
  return marks;
}

const markedViews = new WeakMap<IStepView, IStepView>();

/** `view` with its mark; the same object for the same mark. */
function marked(view: IStepView, fixing: IStepView['fixing']): IStepView {
  if (fixing === null) {
    return view;
  }
  let found = markedViews.get(view);
  if (found?.fixing !== fixing) {
    found = { ...view, fixing };
    markedViews.set(view, found);
  }
  return found;
}
