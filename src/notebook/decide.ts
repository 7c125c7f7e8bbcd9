import type { ICodeAct } from '../tokens';
import type { IMark } from './marks';

/** The conversation of `mark` is shown, and `act` has decided about its step. Rejects with an `Error` in words. */
export async function decideOn(
  codeact: ICodeAct,
  mark: IMark,
  act: (step: number) => Promise<void>
): Promise<void> {
  if (codeact.current?.id !== mark.conversation) {
    await codeact.open(mark.conversation);
  }
  await act(mark.step);
}
