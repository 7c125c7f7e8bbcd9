import * as React from 'react';

import type { Observation } from '../events';
import { useServices } from './services';
import { visible } from './words';

/** What the model was shown of a step, word for word, and what was left out. */
export function ObservationView(props: {
  observation: Observation;
}): JSX.Element {
  const { text, images, left_out } = props.observation;
  const { trans } = useServices();
  return (
    <details className="jp-CodeAct-observation">
      <summary>{trans.__('What the model saw')}</summary>
      <pre
        className="jp-CodeAct-observationText"
        tabIndex={0}
        role="region"
        aria-label={trans.__('What the model saw')}
      >
        {visible(text)}
      </pre>
      {(images.length > 0 || left_out.length > 0) && (
        <ul className="jp-CodeAct-observationFacts">
          {images.map((image, index) => (
            <li key={`image-${index}`}>
              {trans.__(
                'Image %1: %2',
                index + 1,
                visible(String(image.mime ?? ''))
              )}
            </li>
          ))}
          {left_out.map((what, index) => (
            <li key={`left-${index}`}>
              {trans.__('Left out: %1', visible(what))}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
