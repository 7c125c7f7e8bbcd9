import * as React from 'react';

import type { IFound, IListedModel } from '../connections';
import { useServices } from './services';
import { visible } from './words';

/** The model servers that were found on the server's machine, each connected in one click. */
export function FoundRows(props: {
  found: IFound[];
  busy: boolean;
  onConnect: (found: IFound, model: IListedModel) => void;
}): JSX.Element {
  const { trans } = useServices();
  return (
    <section aria-label={trans.__('Found on this machine')}>
      <h3>{trans.__('Found on this machine')}</h3>
      <ul className="jp-CodeAct-rows">
        {props.found.map(found => (
          <FoundRow key={found.base_url} {...props} found={found} />
        ))}
      </ul>
    </section>
  );
}

function FoundRow(props: {
  found: IFound;
  busy: boolean;
  onConnect: (found: IFound, model: IListedModel) => void;
}): JSX.Element {
  const { found } = props;
  const { trans } = useServices();
  const [name, setName] = React.useState(found.models[0]?.name);
  const model = found.models.find(each => each.name === name);
  return (
    <li className="jp-CodeAct-row jp-mod-wraps">
      <span className="jp-CodeAct-rowText">
        <span className="jp-CodeAct-rowTitle">{visible(found.kind)}</span>
        <span className="jp-CodeAct-rowFacts">{visible(found.base_url)}</span>
      </span>
      {model ? (
        <span className="jp-CodeAct-rowActions">
          <select
            className="jp-CodeAct-input"
            aria-label={trans.__('Model of %1', visible(found.kind))}
            value={name}
            onChange={event => setName(event.target.value)}
          >
            {found.models.map(each => (
              <option key={each.name} value={each.name}>
                {visible(each.name)}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="jp-CodeAct-button"
            disabled={props.busy}
            aria-label={trans.__('Connect %1', visible(found.kind))}
            onClick={() => props.onConnect(found, model)}
          >
            {trans.__('Connect')}
          </button>
        </span>
      ) : (
        <span className="jp-CodeAct-quiet">
          {trans.__('has no model yet: load one there')}
        </span>
      )}
    </li>
  );
}
