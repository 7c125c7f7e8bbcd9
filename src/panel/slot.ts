import * as React from 'react';

import { useReading } from './reading';

/** The height in pixels that is taken for what was never mounted. */
const ESTIMATE = 160;

interface ISlot {
  node: React.RefObject<HTMLDivElement>;
  /** Whether its content is to be there. */
  filled: boolean;
  /** Where its content is not there, it keeps the height that it had. */
  style: React.CSSProperties | undefined;
}

/** A place in the scroller whose content is there only while it is near the visible part, or `recent`. */
export function useSlot(recent: boolean): ISlot {
  const reading = useReading();
  const node = React.useRef<HTMLDivElement>(null);
  const height = React.useRef(ESTIMATE);
  const [filled, setFilled] = React.useState(recent);
  // What is recent no more is watched anew, and with that looked at.
  React.useEffect(() => {
    const slot = node.current;
    const watch =
      slot &&
      reading.nearness?.watch(slot, entry => {
        if (entry.isIntersecting) {
          setFilled(true);
        } else if (!recent && !isHeld(slot)) {
          height.current = entry.boundingClientRect.height;
          setFilled(false);
        }
      });
    return () => watch?.dispose();
  }, [reading, recent]);
  const style = filled ? undefined : { blockSize: height.current };
  return { node, filled, style };
}

/** Whether the user would lose something with the content: the focus, or a selection. */
function isHeld(slot: Element): boolean {
  const selection = document.getSelection();
  return (
    slot.contains(document.activeElement) ||
    (selection?.isCollapsed === false && selection.containsNode(slot, true))
  );
}
