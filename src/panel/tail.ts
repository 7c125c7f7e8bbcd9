import * as React from 'react';

/** How near to the end, in pixels, still counts as being at the end. */
const NEAR = 48;

interface ITail {
  scroller: React.RefObject<HTMLDivElement>;
  content: React.RefObject<HTMLDivElement>;
  following: boolean;
  /** `following` as it is now, for those who do not render again when it changes. */
  isFollowing: () => boolean;
  onScroll: () => void;
  follow: () => void;
}

/** Keeps the end of growing content in view, unless the user has scrolled up. */
export function useTail(): ITail {
  const scroller = React.useRef<HTMLDivElement>(null);
  const content = React.useRef<HTMLDivElement>(null);
  const wanted = React.useRef(true);
  const last = React.useRef(0);
  const [following, setFollowing] = React.useState(true);
  const toEnd = React.useCallback(() => {
    const node = scroller.current;
    if (node && wanted.current) {
      node.scrollTop = node.scrollHeight;
      last.current = node.scrollTop;
    }
  }, []);
  React.useLayoutEffect(toEnd);
  React.useEffect(() => {
    const observer = new ResizeObserver(toEnd);
    for (const node of [scroller.current, content.current]) {
      if (node) {
        observer.observe(node);
      }
    }
    return () => observer.disconnect();
  }, [toEnd]);
  const onScroll = React.useCallback(() => {
    const node = scroller.current;
    if (!node) {
      return;
    }
    const rest = node.scrollHeight - node.scrollTop - node.clientHeight;
    // Content that grows moves the end away without anyone having scrolled up.
    const up = node.scrollTop < last.current - 1;
    last.current = node.scrollTop;
    if (rest <= NEAR || up) {
      wanted.current = rest <= NEAR;
      setFollowing(wanted.current);
    }
  }, []);
  const follow = React.useCallback(() => {
    wanted.current = true;
    setFollowing(true);
    toEnd();
  }, [toEnd]);
  const isFollowing = React.useCallback(() => wanted.current, []);
  return { scroller, content, following, isFollowing, onScroll, follow };
}
