/** What share of people has this or that, and which mistakes their data has. */

/** Shares of people, 0 to 1. */
export interface Mix {
  secondJob: number;
  transferred: number;
  rehired: number;
  terminated: number;
  released: number;
  onLeave: number;
  onStrike: number;
  suspended: number;
  unknownStatus: number;
  noSupervisor: number;
  unknownSupervisor: number;
  ownSupervisor: number;
  supervisorLoop: number;
  noEmail: number;
  invalidEmail: number;
  sharedEmail: number;
  padded: number;
  wideNames: number;
  decomposedNames: number;
  middleName: number;
  preferredName: number;
  alternateTitle: number;
  noJobDescription: number;
  noOrgLevel: number;
  noLocation: number;
  leapBirthday: number;
  year1900: number;
  neverChanged: number;
}

export const EVERYDAY_MIX: Readonly<Mix> = {
  secondJob: 0.03,
  transferred: 0.03,
  rehired: 0.04,
  terminated: 0.1,
  released: 0.01,
  onLeave: 0.025,
  onStrike: 0.002,
  suspended: 0.002,
  unknownStatus: 0.0005,
  noSupervisor: 0.005,
  unknownSupervisor: 0.003,
  ownSupervisor: 0.001,
  supervisorLoop: 0.001,
  noEmail: 0.005,
  invalidEmail: 0.002,
  sharedEmail: 0.002,
  padded: 0.04,
  wideNames: 0.12,
  decomposedNames: 0.01,
  middleName: 0.35,
  preferredName: 0.15,
  alternateTitle: 0.2,
  noJobDescription: 0.02,
  noOrgLevel: 0.02,
  noLocation: 0.01,
  leapBirthday: 0.003,
  year1900: 0.003,
  neverChanged: 0.05,
};

/** The same people without mistakes in their data: everyone can be sent, with a supervisor who is known. */
export const CLEAN_MIX: Readonly<Mix> = {
  ...EVERYDAY_MIX,
  unknownStatus: 0,
  noSupervisor: 0,
  unknownSupervisor: 0,
  ownSupervisor: 0,
  supervisorLoop: 0,
  noEmail: 0,
  invalidEmail: 0,
  sharedEmail: 0,
  padded: 0,
};
