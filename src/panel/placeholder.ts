import { useChanges } from './hooks';
import { useServices } from './services';
import { fileName } from './words';

/** What stands in the empty message box: what is going on, and where a message would go. */
export function usePlaceholder(live: boolean): string {
  const { codeact, trans } = useServices();
  useChanges(codeact.current?.liveChanged);
  const { binding } = codeact;
  if (live) {
    const waits = codeact.current?.activity?.state === 'waiting_for_approval';
    return waits
      ? trans.__(
          'A cell waits for you: approve it, or say what to change \u2026'
        )
      : trans.__('Message to the running step \u2026');
  }
  if (!binding) {
    return trans.__('Ask; a new notebook will be made \u2026');
  }
  return binding.kernelStatus === 'dead'
    ? trans.__('The kernel of %1 is dead: restart it', fileName(binding.path))
    : trans.__(
        'Working in %1. @ names things, / for commands',
        fileName(binding.path)
      );
}
