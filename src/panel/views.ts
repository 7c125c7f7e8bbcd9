import type { Cell, Message, Run, State, Step } from '../events';
import { openRun } from '../client/fold';
import type { IPartialReply } from '../tokens';
import { endsOf } from './ends';
import { groups } from './groups';
import type { ActionFormat, IReply } from './replies';
import { splitPartial, splitReply } from './replies';
import type { IRunFacts } from './runFacts';

/** Where a step stands; each word is true only once the state says so. */
export type StepStatus =
  | 'writing'
  | 'proposed'
  | 'rejected'
  | 'withdrawn'
  | 'starting'
  | 'running'
  | 'unknown'
  | 'ok'
  | 'error'
  | 'interrupted'
  | 'aborted'
  | 'lost';

/** A step as it is shown: one object as long as it looks the same, though the state itself is changed in place. */
export interface IStepView {
  kind: 'step';
  key: string;
  order: number;
  step: number;
  reply: IReply;
  reasoning: string;
  /** The step as journalled; null while its reply is being written. */
  facts: Step | null;
  cell: Cell | null;
  status: StepStatus | null;
  /** A failed step and what follows until one succeeds read as one thing. */
  fixing: 'first' | 'inside' | 'last' | null;
}

export interface IMessageView {
  kind: 'message';
  key: string;
  order: number;
  message: Message;
}

/** From here on the model sees less of what came before. */
export interface IReducedView {
  kind: 'reduced';
  key: string;
  order: number;
}

/** How a run ended, and what it took. */
export interface IEndView {
  kind: 'end';
  key: string;
  order: number;
  run: Run;
  /** `cut`: it has no end, and nobody works on it. */
  reason: 'answered' | 'limit' | 'stopped' | 'failed' | 'cut';
  /** The answer where no step says it, else the empty string. */
  answer: string;
  facts: IRunFacts;
  latest: boolean;
}

export type View = IStepView | IMessageView | IReducedView | IEndView;

/**
 * What of a conversation is shown, in order. `live`: somebody works on its open run. `waiting`: what is not told yet, and
 * shown elsewhere.
 *
 * What looks as it did is the same object as before, so that its part of the page is left alone.
 */
export function viewsOf(
  state: State,
  partial: IPartialReply | null,
  live: boolean,
  waiting: readonly Message[] = []
): View[] {
  const current = live ? openRun(state)?.run_id : undefined;
  const last = state.steps[state.steps.length - 1];
  const writing = partial && partial.step > (last?.step ?? -1);
  const steps = groups(
    state.steps.map(step => stepView(state, step, step.run_id === current)),
    writing ? writingView(partial, state) : null
  );
  const messages = state.messages
    .filter(message => !message.withdrawn && !waiting.includes(message))
    .map(messageView);
  const reduced = state.reductions.map(reducedView);
  const views: View[] = [
    ...messages,
    ...steps,
    ...reduced,
    ...endsOf(state, live)
  ];
  return views.sort((a, b) => a.order - b.order);
}

const messageViews = new WeakMap<Message, IMessageView>();

function messageView(message: Message): IMessageView {
  return known(messageViews, message, () => ({
    kind: 'message',
    key: `message-${message.seq}`,
    order: message.seq,
    message
  }));
}

const reducedViews = new WeakMap<Reduction, IReducedView>();

type Reduction = State['reductions'][number];

function reducedView(reduction: Reduction): IReducedView {
  return known(reducedViews, reduction, () => ({
    kind: 'reduced',
    key: `reduced-${reduction.seq}`,
    order: reduction.seq
  }));
}

/** What `cache` has for `fact`, made when it has nothing. */
function known<T extends object, V>(
  cache: WeakMap<T, V>,
  fact: T,
  make: () => V
): V {
  let view = cache.get(fact);
  if (view === undefined) {
    view = make();
    cache.set(fact, view);
  }
  return view;
}

const stepViews = new WeakMap<Step, IStamped>();

/** A view, and what it looked like when it was made. */
interface IStamped {
  view: IStepView;
  stamp: ReadonlyArray<unknown>;
}

function stepView(state: State, step: Step, live: boolean): IStepView {
  const cell =
    step.cell_id === null ? null : (state.cells[step.cell_id] ?? null);
  const status = statusOf(step, cell, live);
  const stamp = [
    step.problem,
    step.nudge,
    step.observation,
    step.proposal?.source,
    step.proposal?.decision,
    cell?.execution_count,
    cell?.seconds,
    cell?.approved,
    status,
    ...(cell?.outputs ?? [])
  ];
  const last = stepViews.get(step);
  if (last && same(last.stamp, stamp)) {
    return last.view;
  }
  const source = cell?.source ?? step.proposal?.source ?? null;
  const view: IStepView = {
    kind: 'step',
    key: `step-${step.step}`,
    order: step.seq,
    step: step.step,
    reply: splitReply(step.text, state.language, source, step.action_format),
    reasoning: step.reasoning,
    facts: step,
    cell,
    status,
    fixing: null
  };
  stepViews.set(step, { view, stamp });
  return view;
}

function same(
  one: ReadonlyArray<unknown>,
  other: ReadonlyArray<unknown>
): boolean {
  return (
    one.length === other.length &&
    one.every((fact, index) => fact === other[index])
  );
}

/** The format of the reply that comes next: that of the run, unless the endpoint had it changed. */
function formatOf(state: State): ActionFormat | undefined {
  const run = openRun(state);
  const last = state.steps[state.steps.length - 1];
  return last && last.run_id === run?.run_id
    ? last.action_format
    : run?.action_format;
}

const writingViews = new WeakMap<IPartialReply, IStepView>();

/** The reply that is being written, as the step that it will be. */
export function writingView(partial: IPartialReply, state: State): IStepView {
  return known(writingViews, partial, () => {
    const reply = splitPartial(partial.text, state.language, formatOf(state));
    return {
      kind: 'step',
      key: `step-${partial.step}`,
      order: Number.MAX_SAFE_INTEGER,
      step: partial.step,
      reply,
      reasoning: partial.reasoning,
      facts: null,
      cell: null,
      status: reply.code === null ? null : 'writing',
      fixing: null
    };
  });
}

function statusOf(
  step: Step,
  cell: Cell | null,
  live: boolean
): StepStatus | null {
  if (cell) {
    return cell.status === 'running' && !live ? 'unknown' : cell.status;
  }
  const proposal = step.proposal;
  if (!proposal) {
    return null;
  }
  if (proposal.decision === 'reject') {
    return 'rejected';
  }
  if (!live) {
    return 'withdrawn';
  }
  return proposal.decision === null ? 'proposed' : 'starting';
}
