import type { IOutput } from '@jupyterlab/nbformat';

import type { Event, State } from '../../events';
import { apply, emptyState } from '../fold';

type Unstamped<E> = E extends Event ? Omit<E, 'seq' | 'time'> : never;

const USAGE = {
  prompt_tokens: 1,
  completion_tokens: 1,
  cached_tokens: 0,
  estimated: false
};

/** A journal in the making: each method appends what the server would, and `state` is folded from it. */
export class Journal {
  readonly state: State = emptyState();
  readonly events: Event[] = [];

  constructor(
    id = 'talk',
    path = 'work.ipynb',
    branched_from: State['branched_from'] = null
  ) {
    this.append({
      kind: 'conversation_started',
      conversation_id: id,
      notebook_path: path,
      kernel_name: 'python3',
      language: 'python',
      nonce: '',
      root: '',
      schema_version: 1,
      branched_from
    });
  }

  append(event: Unstamped<Event>): Event {
    const seq = this.events.length + 1;
    const time = `2026-01-01T00:00:${String(seq % 60).padStart(2, '0')}Z`;
    const stamped = { ...event, seq, time } as Event;
    this.events.push(stamped);
    apply(this.state, stamped);
    return stamped;
  }

  run(id = 'r1'): this {
    this.append({
      kind: 'run_started',
      run_id: id,
      model: 'scripted',
      connection: '',
      action_format: 'fenced',
      approval: 'auto',
      limits: { steps: 25, seconds: null, tokens: null },
      context_tokens: null,
      price: null,
      kernel: ''
    });
    return this;
  }

  reply(step: number, text = 'I look.'): this {
    this.append({
      kind: 'model_replied',
      step,
      seen_seq: this.events.length,
      language: '',
      text,
      call: null,
      action_format: null,
      reasoning: '',
      finish_reason: 'action',
      usage: USAGE,
      seconds: 0.1
    });
    return this;
  }

  propose(step: number, cell: string, after: string | null, source: string) {
    this.reply(step);
    this.append({
      kind: 'approval_requested',
      step,
      cell_id: cell,
      after_cell_id: after,
      source,
      risks: [],
      risk_codes: []
    });
    return this;
  }

  decide(
    step: number,
    decision: 'approve' | 'edit' | 'reject',
    source = ''
  ): this {
    this.append({
      kind: 'approval_decided',
      decision_id: `d${step}`,
      step,
      decision,
      source,
      note: '',
      approval_from_now: null
    });
    return this;
  }

  submit(step: number, cell: string, after: string | null, source: string) {
    if (!this.state.steps.some(each => each.step === step)) {
      this.reply(step);
    }
    this.append({
      kind: 'cell_submitted',
      step,
      cell_id: cell,
      after_cell_id: after,
      source
    });
    return this;
  }

  output(
    cell: string,
    output: IOutput | null,
    op: 'append' | 'replace' | 'clear' = 'append',
    index = 0
  ): this {
    this.append({ kind: 'cell_output', cell_id: cell, op, index, output });
    return this;
  }

  finish(step: number, cell: string, count: number | null = step): this {
    this.append({
      kind: 'cell_finished',
      step,
      cell_id: cell,
      status: 'ok',
      execution_count: count,
      seconds: 0.1,
      problems: []
    });
    return this;
  }

  end(id = 'r1'): this {
    this.append({
      kind: 'run_finished',
      run_id: id,
      reason: 'answered',
      answer: 'Done.',
      detail: '',
      usage: USAGE
    });
    return this;
  }
}

/** A stream output. */
export function stream(text: string): IOutput {
  return { output_type: 'stream', name: 'stdout', text };
}

/** A display of `text`. */
export function display(text: string): IOutput {
  return {
    output_type: 'display_data',
    data: { 'text/plain': text },
    metadata: {}
  };
}
