import * as React from 'react';

import type { IConnection } from '../connections';
import type { IDraft } from './connectDraft';
import { Field } from './field';
import { useServices } from './services';

/** What few connections need: what is known of the model, prices, extra headers and body. */
export function MoreFields(props: {
  id: string;
  initial: IConnection | null;
  draft: IDraft;
  write: (change: Partial<IDraft>) => void;
}): JSX.Element {
  const { id, initial, draft, write } = props;
  const { trans } = useServices();
  const hasHeaders = (initial?.header_names.length ?? 0) > 0;
  return (
    <details className="jp-CodeAct-more">
      <summary>{trans.__('More')}</summary>
      <Field
        id={`${id}-context`}
        label={trans.__('Context length')}
        hint={trans.__(
          'Tokens of a request and its reply together. Empty: as the server says.'
        )}
        type="number"
        min={1}
        value={draft.context}
        onValue={context => write({ context })}
      />
      <div className="jp-CodeAct-field">
        <label htmlFor={`${id}-images`}>{trans.__('Images')}</label>
        <select
          id={`${id}-images`}
          className="jp-CodeAct-input"
          value={draft.images}
          onChange={event =>
            write({ images: event.target.value as IDraft['images'] })
          }
        >
          <option value="">{trans.__('Try, and see')}</option>
          <option value="yes">{trans.__('The model takes them')}</option>
          <option value="no">{trans.__('The model takes none')}</option>
        </select>
      </div>
      <div className="jp-CodeAct-pair">
        <Field
          id={`${id}-prompt`}
          label={trans.__('Price of a prompt')}
          hint={trans.__('A million tokens.')}
          inputMode="decimal"
          value={draft.prompt}
          onValue={prompt => write({ prompt })}
        />
        <Field
          id={`${id}-completion`}
          label={trans.__('Price of a reply')}
          hint={trans.__('A million tokens.')}
          inputMode="decimal"
          value={draft.completion}
          onValue={completion => write({ completion })}
        />
      </div>
      <Field
        id={`${id}-headers`}
        label={trans.__('Extra headers')}
        hint={
          hasHeaders
            ? trans.__(
                'There are %1; leave this empty to keep them.',
                initial?.header_names.join(', ') ?? ''
              )
            : trans.__('JSON, such as {"X-Team": "research"}.')
        }
        autoComplete="off"
        value={draft.headers}
        onValue={headers => write({ headers })}
      />
      <Field
        id={`${id}-body`}
        label={trans.__('Extra body')}
        hint={trans.__('JSON, such as {"temperature": 0}.')}
        autoComplete="off"
        value={draft.body}
        onValue={body => write({ body })}
      />
      {!initial && (
        <Field
          id={`${id}-name`}
          label={trans.__('Name')}
          hint={trans.__('What the connection is called; empty makes one up.')}
          value={draft.name}
          onValue={name => write({ name })}
        />
      )}
    </details>
  );
}
