import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { markOf } from './marks';

/** On every cell that the agent made. */
export const AGENT_CLASS = 'jp-CodeAct-cell';

/** On a cell that waits for approval. */
export const PROPOSED_CLASS = 'jp-CodeAct-proposed';

const DELAY = 30; // ms: typing does not look through all cells for every key

/** The cells of every open notebook carry the classes that their metadata ask for. */
export function markCells(tracker: INotebookTracker): void {
  const start = (panel: NotebookPanel) =>
    void panel.context.ready.then(() => keepMarked(panel));
  tracker.forEach(start);
  tracker.widgetAdded.connect((_, panel) => start(panel));
}

function keepMarked(panel: NotebookPanel): void {
  let timer = 0;
  const schedule = () => {
    timer ||= window.setTimeout(() => {
      timer = 0;
      mark(panel);
    }, DELAY);
  };
  panel.context.model.contentChanged.connect(schedule, panel);
  panel.disposed.connect(() => window.clearTimeout(timer), panel);
  mark(panel);
}

function mark(panel: NotebookPanel): void {
  for (const cell of panel.content.widgets) {
    const made = markOf(cell.model);
    cell.toggleClass(AGENT_CLASS, made !== null);
    cell.toggleClass(PROPOSED_CLASS, made?.proposed === true);
  }
}
