import * as React from 'react';

import type { Cell, Observation } from '../events';
import { Fold } from './fold';
import { pixelsOf } from './pixels';
import { useServices } from './services';
import { visible } from './words';

/** What the model was shown of a step, word for word and image by image, and what was left out. */
export function ObservationView(props: {
  step: number;
  observation: Observation;
  cell: Cell | null;
}): JSX.Element {
  const { text, left_out } = props.observation;
  const { trans } = useServices();
  return (
    <Fold
      name={`observation ${props.step}`}
      className="jp-CodeAct-observation"
      label={trans.__('What the model saw')}
    >
      <pre
        className="jp-CodeAct-observationText"
        tabIndex={0}
        role="region"
        aria-label={trans.__('What the model saw')}
      >
        {visible(text)}
      </pre>
      <Images observation={props.observation} cell={props.cell} />
      {left_out.length > 0 && (
        <ul className="jp-CodeAct-observationFacts">
          {left_out.map((what, index) => (
            <li key={index}>{trans.__('Left out: %1', visible(what))}</li>
          ))}
        </ul>
      )}
    </Fold>
  );
}

/** The images that the model was shown, small; by their type where they are not there any more. */
function Images(props: {
  observation: Observation;
  cell: Cell | null;
}): JSX.Element | null {
  const { images } = props.observation;
  const { trans } = useServices();
  return images.length > 0 ? (
    <ul className="jp-CodeAct-thumbnails">
      {images.map((image, index) => {
        const mime = String(image.mime ?? '');
        const label = trans.__('Image %1: %2', index + 1, visible(mime));
        const pixels = pixelsOf(mime, heldBy(props.cell, image.output, mime));
        return (
          <li key={index}>
            {pixels ? (
              <img
                className="jp-CodeAct-thumbnail"
                src={pixels}
                alt={label}
                title={label}
              />
            ) : (
              label
            )}
          </li>
        );
      })}
    </ul>
  ) : null;
}

/** What output number `output` of `cell` has of that type. */
function heldBy(cell: Cell | null, output: unknown, mime: string): unknown {
  const data = cell?.outputs[Number(output)]?.data;
  const held = (data as { [mime: string]: unknown } | undefined)?.[mime];
  return Array.isArray(held) ? held.join('') : held;
}
