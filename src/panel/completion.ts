import * as React from 'react';

import { useMentionables } from './mentionables';
import type { IMention, IQuery } from './mentions';
import { fitting, mentionAt } from './mentions';
import { useServices } from './services';
import type { ISlash } from './slash';
import { slashAt, slashCommands } from './slash';

/** One thing to choose: something to name, or a command. */
export type Row =
  | { readonly kind: 'mention'; readonly key: string; mention: IMention }
  | { readonly kind: 'slash'; readonly key: string; slash: ISlash };

/** What is offered for what is being typed. */
export interface ICompletion {
  readonly rows: readonly Row[];
  /** The place of the row that Enter takes; -1 without rows. */
  readonly active: number;
  /** What is missing among the rows, and why; empty for nothing. */
  readonly note: string;
  /** What is being named; null for a command. */
  readonly query: IQuery | null;
  /** Whether something is shown. */
  readonly open: boolean;
  point(index: number): void;
  close(): void;
}

/** What is offered at `caret` (null: something is selected, or the focus is elsewhere) in `text`. */
export function useCompletion(text: string, caret: number | null): ICompletion {
  const { material, trans } = useServices();
  const slash = caret === null ? null : slashAt(text, caret);
  const query =
    caret === null || slash !== null || !material
      ? null
      : mentionAt(text, caret);
  const place = slash !== null ? 'slash' : query ? `@${query.start}` : '';
  const [closed, setClosed] = React.useState('');
  const [pointed, setPointed] = React.useState({ typed: '', index: 0 });
  const wanted = query !== null && closed !== place;
  const { mentions, note } = useMentionables(wanted);
  React.useEffect(() => {
    setClosed(last => (last === place ? last : ''));
  }, [place]);

  const typed = `${place}${slash ?? query?.text ?? ''}`;
  const rows: Row[] =
    place === '' || closed === place
      ? []
      : query
        ? fitting(mentions, query.text).map(mention => ({
            kind: 'mention',
            key: `${mention.kind}-${mention.key}`,
            mention
          }))
        : slashCommands(trans)
            .filter(({ name }) => name.startsWith(slash ?? ''))
            .map(each => ({ kind: 'slash', key: each.name, slash: each }));
  const shownNote = wanted && (rows.length > 0 || !query.text) ? note : '';
  const index = pointed.typed === typed ? pointed.index : 0;
  return {
    rows,
    active: Math.min(index, rows.length - 1),
    note: shownNote,
    query,
    open: rows.length > 0 || shownNote !== '',
    point: next =>
      setPointed({ typed, index: (next + rows.length) % rows.length }),
    close: () => setClosed(place)
  };
}
