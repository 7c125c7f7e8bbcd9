import * as React from 'react';

import type {
  ICheckRow,
  IConnection,
  IListedModel,
  IProvider
} from '../connections';
import { CheckRows } from './checkRows';
import type { IDraft, Missing } from './connectDraft';
import {
  draftOf,
  missingFrom,
  nameOf,
  providerOf,
  sameOrigin,
  settingsOf
} from './connectDraft';
import { Field } from './field';
import { useCommand } from './hooks';
import { MoreFields } from './moreFields';
import { Problem } from './problem';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** Where Ollama listens. */
const EXAMPLE_URL = 'http://127.0.0.1:11434/v1';

/** What must be there before anything can be asked of the endpoint, or stored. */
const BLOCKING: (Missing | null)[] = [
  'url',
  'resource',
  'prices',
  'headers',
  'body'
];

/** One connection: provider, base URL, key and model. The key goes in and is never shown again. */
export function ConnectForm(props: {
  initial: IConnection | null;
  providers: IProvider[];
  onSaved: (name: string) => void;
  onChecked: () => void;
}): JSX.Element {
  const { initial, providers } = props;
  const { codeact, trans } = useServices();
  const id = React.useId();
  const [draft, setDraft] = React.useState(() => draftOf(initial));
  const [stored, setStored] = React.useState(initial?.name);
  const [models, setModels] = React.useState<IListedModel[] | null>(null);
  const [rows, setRows] = React.useState<ICheckRow[]>([]);
  const { busy, problem, run } = useCommand(problemOf);
  const write = (change: Partial<IDraft>) =>
    setDraft(before => ({ ...before, ...change }));
  const provider = providerOf(draft.url, providers);
  const hasKey =
    initial !== null &&
    initial.has_key &&
    sameOrigin(initial.base_url, draft.url);
  const missing = missingFrom(draft, provider, hasKey);
  const blocked = busy || BLOCKING.includes(missing);
  const name = stored ?? (draft.name.trim() || nameOf(draft.url, draft.model));
  const list = () =>
    run(async () => {
      const listed = await codeact.connections.models(name, settingsOf(draft));
      setModels(listed);
      if (!draft.model.trim() && listed.length > 0) {
        write({ model: listed[0].name });
      }
    });
  const check = () =>
    run(async () => {
      setRows([]);
      await codeact.connections.put(name, settingsOf(draft));
      setStored(name);
      setRows(await codeact.connections.check(name));
      props.onChecked();
    });
  const save = async () => {
    const settings = { ...settingsOf(draft), chosen: true };
    if (await run(() => codeact.connections.put(name, settings))) {
      props.onSaved(name);
    }
  };
  return (
    <form
      className="jp-CodeAct-form"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <h3>
        {initial
          ? trans.__('Edit %1', visible(initial.name))
          : trans.__('New connection')}
      </h3>
      <div className="jp-CodeAct-field">
        <label htmlFor={`${id}-provider`}>{trans.__('Provider')}</label>
        <select
          id={`${id}-provider`}
          className="jp-CodeAct-input"
          value={provider?.name ?? ''}
          onChange={event => {
            const chosen = event.target.value;
            const preset = providers.find(each => each.name === chosen);
            write({ url: preset?.base_url ?? '', model: '' });
            setModels(null);
          }}
        >
          <option value="">{trans.__('Another, or a server of mine')}</option>
          {providers.map(each => (
            <option key={each.name} value={each.name}>
              {each.name}
            </option>
          ))}
        </select>
        {provider && <span className="jp-CodeAct-hint">{provider.note}</span>}
      </div>
      <Field
        id={`${id}-url`}
        label={trans.__('Base URL')}
        hint={trans.__('Any server that speaks the OpenAI chat API.')}
        type="url"
        placeholder={EXAMPLE_URL}
        required
        value={draft.url}
        onValue={url => write({ url })}
      />
      <Field
        id={`${id}-key`}
        label={trans.__('API key')}
        hint={<KeyHint provider={provider} stored={hasKey} />}
        type="password"
        autoComplete="new-password"
        value={draft.key}
        onValue={key => write({ key })}
      />
      <div className="jp-CodeAct-pair">
        <Field
          id={`${id}-model`}
          label={trans.__('Model')}
          hint={
            models === null
              ? trans.__('The name that the server lists it by.')
              : trans._n('%1 model', '%1 models', models.length)
          }
          type="text"
          list={`${id}-models`}
          required
          value={draft.model}
          onValue={model => write({ model })}
        />
        <button
          type="button"
          className="jp-CodeAct-button"
          disabled={blocked}
          onClick={() => void list()}
        >
          {trans.__('List models')}
        </button>
      </div>
      <datalist id={`${id}-models`}>
        {models?.map(model => (
          <option key={model.name} value={model.name} />
        ))}
      </datalist>
      <MoreFields id={id} initial={initial} draft={draft} write={write} />
      <p className="jp-CodeAct-missing" role="status">
        {missing && <MissingWords missing={missing} />}
      </p>
      <Problem text={problem} />
      <div className="jp-CodeAct-buttons">
        <button
          type="submit"
          className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
          disabled={blocked || missing === 'model'}
        >
          {trans.__('Save and use')}
        </button>
        <button
          type="button"
          className="jp-CodeAct-button"
          disabled={blocked}
          onClick={() => void check()}
        >
          {busy ? trans.__('Asking \u2026') : trans.__('Check')}
        </button>
      </div>
      {rows.length > 0 && <CheckRows rows={rows} />}
    </form>
  );
}

function KeyHint(props: {
  provider: IProvider | null;
  stored: boolean;
}): JSX.Element {
  const { trans } = useServices();
  if (props.stored) {
    return <>{trans.__('One is stored; leave this empty to keep it.')}</>;
  }
  return props.provider ? (
    <a href={props.provider.key_page} target="_blank" rel="noopener noreferrer">
      {trans.__('Make a key at %1', props.provider.name)}
    </a>
  ) : (
    <>{trans.__('Leave this empty for local models.')}</>
  );
}

/** What is missing, in one sentence. */
function MissingWords(props: { missing: Missing }): JSX.Element {
  const { trans } = useServices();
  const words: { [missing in Missing]: string } = {
    url: trans.__('Choose a provider, or write the base URL of a server.'),
    resource: trans.__('Put the name in capitals in the base URL right.'),
    key: trans.__('The API key is missing.'),
    model: trans.__('The model is missing: list the models, and choose one.'),
    prices: trans.__('Both prices must be numbers.'),
    headers: trans.__('The extra headers must be a JSON object of texts.'),
    body: trans.__('The extra body must be a JSON object.')
  };
  return <>{words[props.missing]}</>;
}
