import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Cell, Proposal } from '../events';
import { useServices } from './services';
import type { StepStatus } from './views';
import { visible } from './words';

interface IStepNotesProps {
  status: StepStatus;
  proposal: Proposal | null | undefined;
  cell: Cell | null;
}

/** What else is to be said about a step's cell: why it did not run or end, and what was unusual. */
export function StepNotes(props: IStepNotesProps): JSX.Element | null {
  const { status, proposal, cell } = props;
  const { trans } = useServices();
  const notes = [
    wordsFor(status, proposal?.note ?? '', trans),
    proposal?.decision === 'edit' ? trans.__('You edited this cell.') : '',
    ...(cell?.problems ?? [])
  ].filter(note => note);
  return notes.length ? (
    <ul className="jp-CodeAct-notes">
      {notes.map(note => (
        <li key={note}>{visible(note)}</li>
      ))}
    </ul>
  ) : null;
}

function wordsFor(
  status: StepStatus,
  note: string,
  trans: TranslationBundle
): string {
  switch (status) {
    case 'rejected':
      return note
        ? trans.__('You rejected this: %1', note)
        : trans.__('You rejected this.');
    case 'withdrawn':
      return trans.__('Not run: the run ended before you decided.');
    case 'unknown':
      return trans.__(
        'The server stopped while this cell ran; its outcome is unknown.'
      );
    case 'interrupted':
      return trans.__('Interrupted; what it printed so far is kept.');
    case 'aborted':
      return trans.__('The kernel did not run this cell.');
    case 'lost':
      return trans.__('The kernel or the server stopped while this cell ran.');
    case 'writing':
    case 'proposed':
    case 'starting':
    case 'running':
    case 'ok':
    case 'error':
      return '';
  }
}
