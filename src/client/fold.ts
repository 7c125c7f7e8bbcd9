/**
 * The state of a conversation, folded from its events: pure, and twin of `journal/fold.py`.
 * Both are proven equal on the golden journals. A state is changed in place while folding; whoever is handed one treats
 * it as read-only. An output is never changed in place: an equal reference means an equal output.
 */
import type { PartialJSONObject } from '@lumino/coreutils';

import type {
  Cell,
  CellFinished,
  CellOutput,
  CellSubmitted,
  Event,
  ModelReplied,
  Run,
  RunFinished,
  RunStarted,
  State,
  Step
} from '../events';
import { messageOf, revise, titleOf } from './said';
import { costOf, sum } from './usage';

/** The state of a conversation without events. */
export function emptyState(): State {
  return {
    seq: 0,
    conversation_id: '',
    notebook_path: '',
    kernel_name: '',
    language: 'python',
    title: '',
    branched_from: null,
    started_at: '',
    updated_at: '',
    messages: [],
    runs: [],
    steps: [],
    cells: {},
    reductions: [],
    usage: sum(),
    cost: null
  };
}

/** The state after `events`, which start at a conversation's beginning. */
export function fold(events: Iterable<Event>): State {
  const state = emptyState();
  for (const event of events) {
    apply(state, event);
  }
  return state;
}

/** The latest run while it has not finished. */
export function openRun(state: State): Run | null {
  const run = state.runs[state.runs.length - 1];
  return run && run.reason === null ? run : null;
}

/** `state` has taken in `event`, the one that follows its `seq`. */
export function apply(state: State, event: Event): void {
  state.seq = event.seq;
  state.updated_at = event.time;
  switch (event.kind) {
    case 'conversation_started':
      state.conversation_id = event.conversation_id;
      state.notebook_path = event.notebook_path;
      state.kernel_name = event.kernel_name;
      state.language = event.language;
      state.branched_from = event.branched_from ?? null; // older journals lack it
      state.started_at = event.time;
      break;
    case 'conversation_renamed':
      state.title = event.title;
      break;
    case 'notebook_moved':
      state.notebook_path = event.notebook_path;
      break;
    case 'user_message':
      state.title = state.title || titleOf(event.text);
      state.messages.push(messageOf(event));
      break;
    case 'message_revised':
      revise(state, event);
      break;
    case 'run_started':
      state.runs.push(runOf(event));
      break;
    case 'model_replied':
      reply(state, event);
      break;
    case 'reply_rejected':
      stepOf(state, event.step).problem = event.problem;
      break;
    case 'model_nudged':
      stepOf(state, event.step).nudge = event.text;
      break;
    case 'history_reduced':
      state.reductions.push({
        seq: event.seq,
        through_seq: event.through_seq,
        context_tokens: event.context_tokens,
        refused: event.refused
      });
      break;
    case 'approval_requested':
      stepOf(state, event.step).proposal = {
        cell_id: event.cell_id,
        after_cell_id: event.after_cell_id,
        source: event.source,
        risks: [...event.risks],
        risk_codes: [...(event.risk_codes ?? [])], // older journals lack them
        decision: null,
        note: ''
      };
      break;
    case 'approval_decided': {
      const { proposal } = stepOf(state, event.step);
      if (proposal) {
        proposal.decision = event.decision;
        proposal.source = event.source || proposal.source;
        proposal.note = event.note;
      }
      const run = openRun(state);
      if (event.approval_from_now && run) {
        run.approval = event.approval_from_now;
      }
      break;
    }
    case 'stop_requested': {
      const run = openRun(state);
      if (run) {
        run.stop_requested = true;
      }
      break;
    }
    case 'cell_submitted':
      submit(state, event);
      break;
    case 'cell_output':
      applyOutput(cellOf(state, event.cell_id).outputs, event);
      break;
    case 'cell_finished':
      finish(cellOf(state, event.cell_id), event);
      break;
    case 'observation_made':
      stepOf(state, event.step).observation = {
        text: event.text,
        images: event.images.map(image => ({ ...image })),
        left_out: [...event.left_out]
      };
      break;
    case 'notebook_changed':
      break; // news for the model; nothing to show
    case 'run_finished':
      end(state, event);
      break;
  }
}

/** `outputs` has taken in `change`; an index beyond the end appends. */
export function applyOutput(
  outputs: PartialJSONObject[],
  change: CellOutput
): void {
  if (change.op === 'clear') {
    outputs.length = 0;
  } else if (change.output === null) {
    return;
  } else if (change.op === 'replace' && change.index < outputs.length) {
    outputs[change.index] = change.output;
  } else {
    outputs.push(change.output);
  }
}

function stepOf(state: State, number: number): Step {
  for (let index = state.steps.length - 1; index >= 0; index--) {
    if (state.steps[index].step === number) {
      return state.steps[index];
    }
  }
  throw new Error(`The journal names step ${number} before its reply.`);
}

function cellOf(state: State, id: string): Cell {
  const cell = state.cells[id];
  if (!cell) {
    throw new Error(`The journal names cell ${id} before its submission.`);
  }
  return cell;
}

function runOf(event: RunStarted): Run {
  return {
    run_id: event.run_id,
    seq: event.seq,
    started_at: event.time,
    model: event.model,
    connection: event.connection,
    action_format: event.action_format,
    approval: event.approval,
    limits: event.limits,
    context_tokens: event.context_tokens ?? null, // older journals lack both
    price: event.price ?? null,
    steps_taken: 0,
    usage: sum(),
    cost: null,
    stop_requested: false,
    reason: null,
    answer: '',
    detail: '',
    finished_seq: 0
  };
}

function reply(state: State, event: ModelReplied): void {
  const run = state.runs[state.runs.length - 1];
  run.steps_taken += 1;
  const usage = sum(event.usage);
  const cost = run.price && costOf(run.price, usage);
  run.usage = sum(run.usage, usage);
  state.usage = sum(state.usage, usage);
  if (cost !== null) {
    run.cost = (run.cost ?? 0) + cost;
    state.cost = (state.cost ?? 0) + cost;
  }
  state.language = event.language || state.language;
  state.steps.push({
    step: event.step,
    seq: event.seq,
    seen_seq: event.seen_seq,
    run_id: run.run_id,
    text: event.text,
    call: event.call ?? null,
    action_format: event.action_format ?? run.action_format,
    reasoning: event.reasoning,
    finish_reason: event.finish_reason,
    problem: '',
    nudge: '',
    proposal: null,
    cell_id: null,
    observation: null,
    usage,
    cost,
    seconds: event.seconds
  });
}

function submit(state: State, event: CellSubmitted): void {
  const step = stepOf(state, event.step);
  step.cell_id = event.cell_id;
  state.cells[event.cell_id] = {
    cell_id: event.cell_id,
    step: event.step,
    after_cell_id: event.after_cell_id,
    source: event.source,
    submitted_seq: event.seq,
    submitted_at: event.time,
    approved: step.proposal !== null,
    outputs: [],
    status: 'running',
    execution_count: null,
    seconds: 0,
    finished_at: '',
    problems: []
  };
}

function finish(cell: Cell, event: CellFinished): void {
  cell.status = event.status;
  cell.execution_count = event.execution_count;
  cell.seconds = event.seconds;
  cell.finished_at = event.time;
  cell.problems = [...event.problems];
}

function end(state: State, event: RunFinished): void {
  const run = state.runs.filter(each => each.run_id === event.run_id).pop();
  if (!run) {
    throw new Error(`The journal ends run ${event.run_id} before its start.`);
  }
  run.reason = event.reason;
  run.answer = event.answer;
  run.detail = event.detail;
  run.finished_seq = event.seq;
}
