import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Renders again when `signal` was emitted, at most once a frame. */
export function useChanges<T, U>(signal: ISignal<T, U> | undefined): void {
  const [, render] = React.useReducer((renders: number) => renders + 1, 0);
  React.useEffect(() => {
    if (!signal) {
      return;
    }
    let frame = 0;
    const schedule = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        render();
      });
    };
    signal.connect(schedule);
    // What happened between the first rendering and now.
    schedule();
    return () => {
      signal.disconnect(schedule);
      cancelAnimationFrame(frame);
    };
  }, [signal]);
}

/** What `read` answers, read again when `signal` was emitted, at most once a frame; renders only when it differs. */
export function useReadOut<T, U, V>(signal: ISignal<T, U>, read: () => V): V {
  const subscribe = React.useCallback(
    (changed: () => void) => {
      let frame = 0;
      const schedule = () => {
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          changed();
        });
      };
      signal.connect(schedule);
      return () => {
        signal.disconnect(schedule);
        cancelAnimationFrame(frame);
      };
    },
    [signal]
  );
  return React.useSyncExternalStore(subscribe, read);
}

/** What `read` answers, read again at once when `signal` was emitted: for what a text box shows. */
export function useValue<T, U, V>(signal: ISignal<T, U>, read: () => V): V {
  const subscribe = React.useCallback(
    (changed: () => void) => {
      signal.connect(changed);
      return () => {
        signal.disconnect(changed);
      };
    },
    [signal]
  );
  return React.useSyncExternalStore(subscribe, read);
}

/** Seconds since `key` last changed, counted by the monotonic clock and starting at `offset`; ticks once a second. */
export function useElapsed(key: string, offset: number): number {
  const start = React.useRef({ key: '', at: 0 });
  if (start.current.key !== key) {
    start.current = { key, at: performance.now() - offset * 1000 };
  }
  const [, tick] = React.useReducer((ticks: number) => ticks + 1, 0);
  React.useEffect(() => {
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, [key]);
  return Math.max(0, (performance.now() - start.current.at) / 1000);
}

/** Runs a command of the user: whether it is under way, and what went wrong with the last one. */
export function useCommand(describe: (error: unknown) => string): {
  busy: boolean;
  problem: string;
  run: (command: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = React.useState(false);
  const [problem, setProblem] = React.useState('');
  const run = async (command: () => Promise<unknown>) => {
    setBusy(true);
    setProblem('');
    try {
      await command();
      return true;
    } catch (error) {
      setProblem(describe(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
