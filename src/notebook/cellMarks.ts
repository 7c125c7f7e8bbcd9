import type { INotebookTracker } from '@jupyterlab/notebook';

import type { IPreferences } from '../tokens';
import { markOf } from './marks';
import { keepUp } from './upkeep';

/** On every cell that the agent made, where the user wants to see that. */
export const AGENT_CLASS = 'jp-CodeAct-cell';

/** On a cell that waits for approval. */
export const PROPOSED_CLASS = 'jp-CodeAct-proposed';

/** The cells of every open notebook carry the classes that their metadata ask for. */
export function markCells(
  tracker: INotebookTracker,
  preferences: IPreferences
): void {
  const again = keepUp(tracker, panel => {
    const shown = preferences.isOn('showProvenance');
    for (const cell of panel.content.widgets) {
      const made = markOf(cell.model);
      cell.toggleClass(AGENT_CLASS, made !== null && shown);
      cell.toggleClass(PROPOSED_CLASS, made?.proposed === true);
    }
  });
  preferences.changed.connect(again);
}
