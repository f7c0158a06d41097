/**
 * HRIS systems that have no preset, since each customer's extract has columns of its own, and how they spell what Together's fields mean.
 * Sources: the systems' published data dictionaries and API references. A proposal made of them is to be looked at, as all are.
 */

export interface KnownSystem {
  readonly name: string;
  /** Fields that only this system has: one is enough. */
  readonly own: string;
  /** Together field → its names there, the surest first. */
  readonly fields: Readonly<Record<string, string>>;
  /** What its status words mean: A, L or T. A word that is left out (hired, not started) is for the company to decide. */
  readonly statuses: Readonly<Record<string, string>>;
}

const leaving = (...words: string[]) => Object.fromEntries(words.map((word) => [word, 'T']));

export const systems: readonly KnownSystem[] = [
  {
    name: 'PeopleSoft',
    own: 'EMPLID',
    fields: {
      employeeId: 'EMPLID',
      // REPORTS_TO is the number of a position, not of a person.
      supervisorId: 'SUPERVISOR_ID MANAGER_ID',
      employeeStatusCode: 'EMPL_STATUS HR_STATUS',
      email: 'EMAIL_ADDR EMAILID',
      preferredName: 'PREF_FIRST_NAME',
      title: 'JOBTITLE JOB_DESCR JOBCODE_DESCR',
      departmentId: 'DEPTID',
      departmentName: 'DEPT_DESCR DEPTNAME',
      officeId: 'LOCATION',
      employeeTypeCode: 'REG_TEMP EMPL_TYPE',
      fullTimeOrPartTimeCode: 'FULL_PART_TIME',
      originalHireDate: 'ORIG_HIRE_DT',
      lastHireDate: 'LAST_HIRE_DT HIRE_DT',
      dateInJob: 'JOB_ENTRY_DT',
      dateOfTermination: 'TERMINATION_DT',
      lastUpdated: 'LASTUPDDTTM',
    },
    statuses: { A: 'A', L: 'L', P: 'L', S: 'L', ...leaving('I', 'T', 'U', 'V', 'R', 'Q', 'X', 'D') },
  },
  {
    name: 'ADP',
    own: 'associateOID Associate_ID Work_Contact_Work_Email Reports_To_Associate_ID Payroll_Company_Code',
    fields: {
      employeeId: 'Associate_ID associateOID',
      supervisorId: 'Reports_To_Associate_ID',
      employeeStatusCode: 'Position_Status Worker_Status',
      email: 'Work_Contact_Work_Email',
      firstName: 'Legal_First_Name',
      lastName: 'Legal_Last_Name',
      title: 'Job_Title_Description',
      departmentId: 'Home_Department_Code',
      departmentName: 'Home_Department_Description',
      officeId: 'Location_Code Location_Description',
      employeeTypeCode: 'Worker_Category_Description',
    },
    statuses: { Active: 'A', Leave: 'L', 'Leave of Absence': 'L', ...leaving('Terminated', 'Deceased', 'Retired') },
  },
  {
    name: 'Oracle HCM',
    own: 'PersonNumber AssignmentStatusType AssignmentStatusTypeCode LegalEmployerName WorkTermsNumber ManagerPersonNumber',
    fields: {
      employeeId: 'PersonNumber',
      supervisorId: 'ManagerPersonNumber',
      employeeStatusCode: 'AssignmentStatusType AssignmentStatusTypeCode AssignmentStatus',
      email: 'WorkEmail EmailAddress',
      preferredName: 'KnownAs',
      title: 'AssignmentName JobName PositionName',
      departmentId: 'DepartmentId',
      departmentName: 'DepartmentName',
      officeId: 'LocationCode LocationName',
      employeeTypeCode: 'UserPersonType WorkerType',
      fullTimeOrPartTimeCode: 'FullPartTime',
      lastHireDate: 'HireDate StartDate',
      dateOfTermination: 'ActualTerminationDate TerminationDate',
      lastUpdated: 'LastUpdateDate',
    },
    statuses: {
      ACTIVE: 'A',
      ACTIVE_PROCESS: 'A',
      ACTIVE_NO_PROCESS: 'A',
      SUSPENDED: 'L',
      SUSPEND_PROCESS: 'L',
      SUSPEND_NO_PROCESS: 'L',
      ...leaving('INACTIVE', 'INACTIVE_PROCESS', 'INACTIVE_NO_PROCESS'),
    },
  },
  {
    name: 'SAP SuccessFactors',
    own: 'personIdExternal managerUserId emplStatus userSysId defaultFullName',
    fields: {
      employeeId: 'userId personIdExternal',
      supervisorId: 'managerUserId managerId',
      employeeStatusCode: 'emplStatus status',
      title: 'jobTitle title',
      departmentName: 'departmentName department',
      officeId: 'location',
      lastHireDate: 'startDate hireDate',
      originalHireDate: 'originalStartDate',
      dateOfTermination: 'endDate lastDateWorked',
      lastUpdated: 'lastModifiedDateTime lastModified',
    },
    statuses: {
      t: 'A',
      active: 'A',
      A: 'A',
      U: 'L',
      P: 'L',
      S: 'L',
      F: 'L',
      ...leaving('f', 'inactive', 'T', 'R', 'D'),
    },
  },
  {
    name: 'Namely',
    own: 'user_status departure_date',
    fields: {
      // Supervisors are named by this id, not by the employee number.
      employeeId: 'id',
      supervisorId: 'reports_to.id',
      employeeStatusCode: 'user_status',
      email: 'email',
      title: 'job_title.title job_title',
      lastHireDate: 'start_date',
      dateOfTermination: 'departure_date',
      employeeTypeCode: 'employee_type.title employee_type',
    },
    statuses: { active: 'A', inactive: 'T' },
  },
  {
    name: 'Deel',
    own: 'hiring_status new_hiring_status hiring_type direct_manager',
    fields: {
      employeeId: 'id',
      supervisorId: 'direct_manager.id',
      employeeStatusCode: 'hiring_status new_hiring_status',
      email: 'work_email',
      title: 'job_title',
      departmentId: 'department.id',
      departmentName: 'department.name',
      employeeTypeCode: 'hiring_type',
      dateOfTermination: 'termination_last_day termination_date completion_date',
    },
    statuses: { active: 'A', offboarding: 'A', ...leaving('inactive', 'offboarded', 'terminated') },
  },
  {
    name: 'Paycom',
    own: 'eecode clocknum supervisor_primary supervisor_primary_code',
    fields: {
      employeeId: 'eecode employee_code',
      supervisorId: 'supervisor_primary_code supervisor_primary',
      employeeStatusCode: 'employee_status eestatus',
      departmentName: 'department_desc department_description',
      title: 'position_title business_title',
    },
    statuses: {
      A: 'A',
      Active: 'A',
      L: 'L',
      'On Leave': 'L',
      ...leaving('T', 'Terminated', 'R', 'Retired', 'D', 'Deceased'),
    },
  },
  {
    name: 'Merge',
    own: 'remote_id display_full_name remote_was_deleted',
    fields: {
      // `manager` is an id of Merge's own, as `id` is; employee_number and remote_id are other ones.
      employeeId: 'id',
      supervisorId: 'manager',
      employeeStatusCode: 'employment_status',
      email: 'work_email',
      lastUpdated: 'modified_at',
    },
    statuses: { ACTIVE: 'A', INACTIVE: 'T' },
  },
  {
    name: 'SAP HCM',
    own: 'PERNR',
    fields: {
      employeeId: 'PERNR',
      employeeStatusCode: 'STAT2',
      email: 'USRID_LONG',
      firstName: 'VORNA',
      lastName: 'NACHN',
      preferredName: 'RUFNM',
      departmentId: 'ORGEH',
      officeId: 'WERKS',
      employeeTypeCode: 'PERSG',
    },
    statuses: { 3: 'A', 1: 'L', ...leaving('0', '2') },
  },
];
