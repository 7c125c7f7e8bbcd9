import type { TranslationBundle } from '@jupyterlab/translation';

import type { Run, State, Usage } from '../events';
import { count, duration } from './words';

/** What a run did, and what that took. */
export interface IRunFacts {
  cells: number;
  /** How often an error was followed by a cell that worked. */
  fixed: number;
  /** The model's and the kernel's time, without waiting for the user. */
  seconds: number;
  usage: Usage;
  cost: number | null;
}

/** What `run` of the conversation did. */
export function factsOf(state: State, run: Run): IRunFacts {
  const steps = state.steps.filter(step => step.run_id === run.run_id);
  const cells = steps.flatMap(step =>
    step.cell_id === null ? [] : [state.cells[step.cell_id]]
  );
  let fixed = 0;
  let failing = false;
  for (const cell of cells) {
    if (failing && cell.status === 'ok') {
      fixed += 1;
    }
    failing = cell.status === 'error' || (failing && cell.status !== 'ok');
  }
  const seconds = [...steps, ...cells].reduce(
    (sum, each) => sum + each.seconds,
    0
  );
  return {
    cells: cells.length,
    fixed,
    seconds,
    usage: run.usage,
    cost: run.cost
  };
}

/** The facts in one line: "4 cells, 1 fixed, 12 s, 3.1k tokens, $0.012"; empty where nothing was done. */
export function factWords(facts: IRunFacts, trans: TranslationBundle): string {
  const { cells, fixed, seconds, usage, cost } = facts;
  const tokens = usage.prompt_tokens + usage.completion_tokens;
  const about = usage.estimated ? '~' : '';
  return [
    cells ? trans._n('%1 cell', '%1 cells', cells, cells) : '',
    fixed ? trans.__('%1 fixed', fixed) : '',
    cells || tokens ? duration(seconds, trans) : '',
    tokens ? trans.__('%1 tokens', about + count(tokens)) : '',
    cost === null ? '' : about + money(cost)
  ]
    .filter(fact => fact !== '')
    .join(', ');
}

/** An amount to three digits behind the point, or to its first digit where it is smaller. */
export function money(cost: number): string {
  if (cost >= 0.001 || cost === 0) {
    return `$${cost.toFixed(cost < 1 ? 3 : 2)}`;
  }
  return cost < 0.00001
    ? '<$0.00001'
    : `$${cost.toFixed(5).replace(/0+$/, '')}`;
}
