import * as React from 'react';

import type { INamedCell } from '../material';
import type { IMention } from './mentions';
import { ofCells, ofFiles, ofVariables } from './mentions';
import { useServices } from './services';
import { problemOf } from './words';

/** What can be named now; what is slow comes later. */
export interface IMentionables {
  mentions: readonly IMention[];
  /** Why the variables are missing, or that they are being read; empty when they are there. */
  note: string;
}

const NONE: readonly IMention[] = [];

/** Looks up what can be named each time that `wanted` becomes true: variables, cells and files, each as it is there. */
export function useMentionables(wanted: boolean): IMentionables {
  const { codeact, material, trans } = useServices();
  const notebook = codeact.binding?.path ?? '';
  /** The notebook whose variables and files are known: those stay until newer ones are there. */
  const known = React.useRef<string | null>(null);
  const [cells, setCells] = React.useState(NONE);
  const [files, setFiles] = React.useState(NONE);
  const [variables, setVariables] = React.useState(NONE);
  const [note, setNote] = React.useState('');
  React.useEffect(() => {
    if (!wanted || !material) {
      return;
    }
    let stale = false;
    const unlessStale =
      <T>(use: (found: T) => void) =>
      (found: T) => {
        if (!stale) {
          use(found);
        }
      };
    setCells(ofCells(material.cells(), trans));
    if (known.current !== notebook) {
      setVariables(NONE);
      setFiles(NONE);
      setNote(trans.__('Reading the variables \u2026'));
    }
    const missing = (why: string) =>
      setNote(why && trans.__('No variables: %1', why));
    material.variables().then(
      unlessStale(found => {
        known.current = notebook;
        setVariables(ofVariables(found.variables));
        missing(found.note);
      }),
      unlessStale((error: unknown) => missing(problemOf(error)))
    );
    material.files().then(
      unlessStale(found => setFiles(ofFiles(found))),
      unlessStale(() => setFiles(NONE))
    );
    return () => {
      stale = true;
    };
  }, [wanted, notebook, material, trans]);
  return { mentions: [...variables, ...cells, ...files], note };
}

/** The cell that a mention is of, as it is now. */
export function cellOf(
  { key }: IMention,
  cells: readonly INamedCell[]
): INamedCell | null {
  return cells.find(({ id }) => id === key) ?? null;
}
