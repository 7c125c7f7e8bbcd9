import * as React from 'react';

import { Nearness } from './nearness';

/** What the parts of a conversation share while it is read. */
export class Reading {
  constructor(
    private readonly _scroller: React.RefObject<Element>,
    /** Whether the end is kept in view; else nothing may move under the reader's eyes. */
    readonly following: () => boolean
  ) {}

  /** What the reader chose, by name: it outlives the part that shows it. */
  readonly kept = new Map<string, unknown>();

  /** Made when the scroller is there. */
  get nearness(): Nearness | null {
    const scroller = this._scroller.current;
    if (!this._nearness && scroller) {
      this._nearness = new Nearness(scroller);
    }
    return this._nearness;
  }

  dispose(): void {
    this._nearness?.dispose();
    this._nearness = null;
  }

  private _nearness: Nearness | null = null;
}

const Context = React.createContext<Reading | null>(null);

export const ReadingProvider = Context.Provider;

export function useReading(): Reading {
  const reading = React.useContext(Context);
  if (!reading) {
    throw new Error(
      'The parts of a conversation live inside a ReadingProvider'
    );
  }
  return reading;
}

/** As `useState`, but kept under `name` for as long as the conversation is shown. */
export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const { kept } = useReading();
  const [value, setValue] = React.useState(() =>
    kept.has(name) ? (kept.get(name) as T) : initial
  );
  return [
    value,
    value => {
      kept.set(name, value);
      setValue(value);
    }
  ];
}
