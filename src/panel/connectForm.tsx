import * as React from 'react';

import type { ICheckRow, IConnection, IConnectionSettings } from '../tokens';
import { CheckRows } from './checkRows';
import { useCommand } from './hooks';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** Where servers of models listen by default: Ollama, LM Studio, llama.cpp, vLLM, and OpenAI itself. */
const KNOWN_URLS = [
  'http://127.0.0.1:11434/v1',
  'http://127.0.0.1:1234/v1',
  'http://127.0.0.1:8080/v1',
  'http://127.0.0.1:8000/v1',
  'https://api.openai.com/v1'
];

/** Base URL, key and model of one connection. The key goes in and is never shown again. */
export function ConnectForm(props: {
  initial: IConnection | null;
  onSaved: () => void;
}): JSX.Element {
  const { initial, onSaved } = props;
  const { codeact, trans } = useServices();
  const id = React.useId();
  const [url, setUrl] = React.useState(initial?.base_url ?? '');
  const [key, setKey] = React.useState('');
  const [model, setModel] = React.useState(initial?.model ?? '');
  const [rows, setRows] = React.useState<ICheckRow[]>([]);
  const { busy, problem, run } = useCommand(problemOf);
  const name = initial?.name ?? nameOf(url, model);
  const store = (chosen: boolean) => {
    const settings: IConnectionSettings = {
      base_url: url.trim(),
      model: model.trim(),
      chosen
    };
    return codeact.putConnection(
      name,
      key ? { ...settings, api_key: key } : settings
    );
  };
  const check = () =>
    run(async () => {
      setRows([]);
      await store(initial?.chosen ?? false);
      setRows(await codeact.checkConnection(name));
    });
  const save = async () => {
    const saved = await run(async () => {
      await store(true);
      await codeact.refreshStatus();
    });
    if (saved) {
      onSaved();
    }
  };
  const complete = url.trim() !== '' && model.trim() !== '';
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
          ? trans.__('Edit %1', visible(initial.model))
          : trans.__('New connection')}
      </h3>
      <Field
        id={`${id}-url`}
        label={trans.__('Base URL')}
        hint={trans.__('Any server that speaks the OpenAI chat API.')}
        type="url"
        list={`${id}-urls`}
        placeholder={KNOWN_URLS[0]}
        required
        value={url}
        onValue={setUrl}
      />
      <datalist id={`${id}-urls`}>
        {KNOWN_URLS.map(known => (
          <option key={known} value={known} />
        ))}
      </datalist>
      <Field
        id={`${id}-key`}
        label={trans.__('API key')}
        hint={
          initial?.has_key
            ? trans.__('One is stored; leave this empty to keep it.')
            : trans.__('Leave this empty for local models.')
        }
        type="password"
        autoComplete="new-password"
        value={key}
        onValue={setKey}
      />
      <Field
        id={`${id}-model`}
        label={trans.__('Model')}
        hint={trans.__('The name that the server lists it by.')}
        type="text"
        required
        value={model}
        onValue={setModel}
      />
      {problem && (
        <p className="jp-CodeAct-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="jp-CodeAct-buttons">
        <button
          type="submit"
          className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
          disabled={busy || !complete}
        >
          {trans.__('Save and use')}
        </button>
        <button
          type="button"
          className="jp-CodeAct-button"
          disabled={busy || !complete}
          onClick={() => void check()}
        >
          {busy ? trans.__('Checking \u2026') : trans.__('Check')}
        </button>
      </div>
      {rows.length > 0 && <CheckRows rows={rows} />}
    </form>
  );
}

interface IFieldProps extends React.InputHTMLAttributes<HTMLInputElement> {
  id: string;
  label: string;
  hint: string;
  onValue: (value: string) => void;
}

function Field(props: IFieldProps): JSX.Element {
  const { id, label, hint, onValue, ...others } = props;
  return (
    <div className="jp-CodeAct-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...others}
        id={id}
        className="jp-CodeAct-input"
        aria-describedby={`${id}-hint`}
        spellCheck={false}
        onChange={event => onValue(event.target.value)}
      />
      <span id={`${id}-hint`} className="jp-CodeAct-hint">
        {hint}
      </span>
    </div>
  );
}

/** A name for the connection that says where it goes: host and model, in letters, digits and dashes. */
export function nameOf(url: string, model: string): string {
  let host = '';
  try {
    host = new URL(url.trim()).host;
  } catch {
    host = '';
  }
  const name = `${host}-${model.trim()}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'connection';
}
