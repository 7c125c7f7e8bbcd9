import type { Cell, Message, Run, State, Step } from '../events';
import { openRun } from '../client/fold';
import type { IPartialReply } from '../tokens';
import type { ActionFormat, IReply } from './replies';
import type { IRunFacts } from './runFacts';
import { factsOf } from './runFacts';
import { splitPartial, splitReply } from './replies';

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

/** A step as it is shown. Equal `stamp`s look the same; the state itself is changed in place. */
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
  stamp: ReadonlyArray<unknown>;
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
  facts: IRunFacts;
  /** The answer, where the last step does not say it anyway. */
  answer: string;
  /** `cut`: it has no end, and nobody works on it. */
  reason: 'answered' | 'limit' | 'stopped' | 'failed' | 'cut';
  latest: boolean;
}

export type View = IStepView | IMessageView | IReducedView | IEndView;

/** What of a conversation is shown, in order. `live`: somebody works on its open run. */
export function viewsOf(
  state: State,
  partial: IPartialReply | null,
  live: boolean
): View[] {
  const current = live ? openRun(state)?.run_id : undefined;
  const steps = state.steps.map(step =>
    stepView(state, step, step.run_id === current)
  );
  if (partial && !state.steps.some(step => step.step === partial.step)) {
    steps.push(partialView(partial, state.language, formatOf(state)));
  }
  group(steps);
  const messages = state.messages.map((message): IMessageView => ({
    kind: 'message',
    key: `message-${message.seq}`,
    order: message.seq,
    message
  }));
  const reduced = state.reductions.map(({ seq }): IReducedView => ({
    kind: 'reduced',
    key: `reduced-${seq}`,
    order: seq
  }));
  const views: View[] = [
    ...messages,
    ...steps,
    ...reduced,
    ...ends(state, live)
  ];
  return views.sort((a, b) => a.order - b.order);
}

function stepView(state: State, step: Step, live: boolean): IStepView {
  const cell =
    step.cell_id === null ? null : (state.cells[step.cell_id] ?? null);
  const source = cell?.source ?? step.proposal?.source ?? null;
  const status = statusOf(step, cell, live);
  return {
    kind: 'step',
    key: `step-${step.step}`,
    order: step.seq,
    step: step.step,
    reply: splitReply(step.text, state.language, source, step.action_format),
    reasoning: step.reasoning,
    facts: step,
    cell,
    status,
    fixing: null,
    stamp: [
      step.seq,
      step.problem,
      step.nudge,
      step.observation,
      step.proposal?.decision,
      cell?.execution_count,
      cell?.seconds,
      cell?.approved,
      status,
      ...(cell?.outputs ?? [])
    ]
  };
}

/** The format of the reply that comes next: that of the run, unless the endpoint had it changed. */
function formatOf(state: State): ActionFormat | undefined {
  const run = openRun(state);
  const last = state.steps[state.steps.length - 1];
  return last && last.run_id === run?.run_id
    ? last.action_format
    : run?.action_format;
}

function partialView(
  partial: IPartialReply,
  language: string,
  format: ActionFormat | undefined
): IStepView {
  const reply = splitPartial(partial.text, language, format);
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
    fixing: null,
    stamp: [partial.text, partial.reasoning]
  };
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

/** Marks each failed step and the ones after it, up to the first that succeeds, as one group. */
function group(steps: IStepView[]): void {
  let start = -1;
  const close = (end: number) => {
    if (start >= 0 && end > start) {
      steps[start].fixing = 'first';
      for (let index = start + 1; index < end; index += 1) {
        steps[index].fixing = 'inside';
      }
      steps[end].fixing = 'last';
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
}

function ends(state: State, live: boolean): IEndView[] {
  const views: IEndView[] = [];
  state.runs.forEach((run, index) => {
    const latest = index === state.runs.length - 1;
    const reason = run.reason ?? (latest && live ? null : 'cut');
    if (reason === null) {
      return;
    }
    const next = state.runs[index + 1];
    const cut = next ? next.seq - 0.5 : state.seq + 0.5;
    views.push({
      kind: 'end',
      key: `end-${run.run_id}`,
      order: run.reason === null ? cut : run.finished_seq,
      run,
      facts: factsOf(state, run),
      answer: answerOf(state, run),
      reason,
      latest
    });
  });
  return views;
}

/** The run's answer where it is not what its last step says anyway. */
function answerOf(state: State, run: Run): string {
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
