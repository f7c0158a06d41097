/** What Together's last accepted status of a person means. `accepted`: its first letter; undefined: Together has never accepted this employeeId. */

export const isAccepted = (accepted: string | undefined): accepted is string => accepted !== undefined;

/** Whether this read ends the person's access: a leaver whom Together still has as active or on leave. No other rule may delay that. */
export const mustLoseAccess = (status: string, accepted: string | undefined): boolean =>
  status === 'T' && isAccepted(accepted) && accepted !== 'T';
