/** What Together's last accepted status of a person means. `accepted`: its first letter; undefined: Together has never accepted this employeeId. */

export const isAccepted = (accepted: string | undefined): accepted is string => accepted !== undefined;

/** Whether this read ends the person's access: a leaver Together still has as active or on leave. No other rule may delay that. */
export const mustLoseAccess = (status: string, accepted: string | undefined): boolean =>
  status === 'T' && isAccepted(accepted) && accepted !== 'T';

/**
 * Whether a run has sent the person, and Together took it. Else Together's own list alone names them: they are there, and what exactly
 * Together has of them no run knows.
 */
export const wasSent = (known: { readonly hash: Uint8Array | undefined } | undefined): boolean =>
  known?.hash !== undefined;

interface Answered {
  readonly refused?: { readonly status: number } | undefined;
}

/** Together's last word: the account is deleted. It has no address, and no place any more. */
export const isDeleted = (known: Answered | undefined): boolean => known?.refused?.status === 410;

/** Deleted, or there and never to be changed again (409): it is sent no more while its record stays, and no one's supervisor. */
export const isGone = (known: Answered | undefined): boolean => isDeleted(known) || known?.refused?.status === 409;
