"""The agent: replies become actions, outputs become observations, events become messages; and the loop."""
