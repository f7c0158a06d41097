/** A property that fails has noticed the change: nobody reads the smallest counter-example, which takes the longest to find. */
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
