/** What a status of UKG Pro means. */
import { type Policy, transientStatuses } from '@ukg-together/transport/retry/policy';

/** 401 and 403 both mean "wrong credentials or a missing web service right": nothing public tells them apart. */
export const ukgPolicy: Policy = [
  { status: 200, verdict: 'success', meaning: 'OK' },
  { status: 400, verdict: 'refused', meaning: 'UKG refused a parameter' },
  {
    status: 401,
    verdict: 'credentials',
    meaning: 'wrong user name, password or Customer API key, or a missing View right',
  },
  { status: 403, verdict: 'credentials', meaning: 'a missing View right, or a wrong Customer API key' },
  { status: 404, verdict: 'fail', meaning: 'UKG has no such web service here' },
  ...transientStatuses,
];
