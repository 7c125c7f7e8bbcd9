import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { askWhenSwitchedOn, Attention } from '../status/attention';
import { IConversations, IPreferences } from '../tokens';

/** Tells who looks elsewhere that a run goes on, waits or is over. */
export const attention: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:attention',
  description:
    'Marks the title of a hidden page while a run is live, and notifies where that is wanted.',
  autoStart: true,
  requires: [IConversations, IPreferences],
  optional: [ITranslator],
  activate: (
    app,
    conversations: IConversations,
    preferences: IPreferences,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    const known = 'Notification' in window;
    const notifier = {
      show: (title: string, body: string) => {
        if (known && Notification.permission === 'granted') {
          const notification = new Notification(title, { body });
          notification.onclick = () => window.focus();
        }
      }
    };
    new Attention(conversations, preferences, notifier, trans);
    if (known) {
      askWhenSwitchedOn(preferences, () => Notification.requestPermission());
    }
  }
};
