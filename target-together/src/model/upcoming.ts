/** What a date holds up. `day`, YYYY-MM-DD: the last day of a person who leaves, the first day of one who starts or returns. */
export interface Upcoming {
  readonly kind: 'leaves' | 'starts' | 'returns';
  readonly day: string;
}

/** An upcoming day of one person, by employeeId. */
export interface UpcomingDay extends Upcoming {
  readonly id: string;
}
