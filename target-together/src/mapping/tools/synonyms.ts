/**
 * How HRIS systems, databases and spreadsheets call what Together's fields mean. Compared without case, signs and accents, and also
 * without a note in brackets, a group before a colon, or a word for the person at the beginning: "Email Address (Primary)",
 * "Work Contact: Work Email", `EMP_FIRST_NAME`. Within a line the surer name comes first.
 * A bare `country` or `state` is nearly always the home address, which is private: it is not proposed.
 */

export interface Spellings {
  /** Hardly ever means anything else. */
  readonly high: string;
  readonly medium: string;
  /** Means it where nothing surer is there. */
  readonly low: string;
}

/** A manager's address: the way to a supervisorId where the stream has no id of managers. */
export const managerAddresses = `manager_email supervisor_email manager_work_email manager_email_address supervisor_email_address line_manager_email
  reporting_manager_email direct_manager_email reports_to_email manager_mail mgr_email managerEmailId vorgesetzter_email email_manager`;

export const synonyms: Readonly<Record<string, Spellings>> = {
  employeeId: {
    high: 'employeeId employee_number employee_no emplid',
    medium: `worker_id workerId.idValue personnel_number person_number staff_id staff_no staff_number employee_code emp_id emp_no
      empno emp_number worker_no worker_number eecode associate_id associateOID XRefCode pernr payroll_number person_id badge_number
      personalnummer mitarbeiternummer matricule numero_matricule numero_employe numero_empleado codigo_empleado matricola
      personeelsnummer anstallningsnummer ansattnummer medarbejdernummer numer_pracownika matricula`,
    low: 'uuid id userId',
  },
  supervisorId: {
    high: 'supervisorId manager_employee_id supervisor_employee_id manager_employee_number manager_emplid',
    medium: `manager_uuid manager_id manager_number manager_no supervisor_number supervisor_no reports_to_id supervisorEId
      line_manager_id reporting_manager_id direct_manager_id manager_person_number managerUserId manager_emp_no mgr_id mgr_no mgr_emplid
      reports_to_associate_id supervisor_primary_code reportsTo.id manager.id supervisor.id direct_manager.id manager.employee_id
      manager_code vorgesetztennummer personalnummer_vorgesetzter matricule_manager matricule_responsable`,
    low: 'manager supervisor line_manager direct_manager mgr vorgesetzter vorgesetzte responsable superieur leidinggevende jefe',
  },
  employeeStatusCode: {
    high: 'employeeStatusCode employee_status employment_status',
    medium: `worker_status emp_status empl_status hr_status position_status user_status assignment_status assignment_status_type
      hiring_status emplStatus current_employment_status status_code work_status status statut estado stato stat2 beschaftigungsstatus
      mitarbeiterstatus statut_employe situacao`,
    low: 'active_status lifecycle_status role_state terminated is_terminated active is_active is_current_employee enabled aktiv actif activo',
  },
  email: {
    high: 'work_email email email_address business_email company_email corporate_email',
    medium: `primary_email primary_work_email work_email_address email_work e_mail e_mail_address email_addr emailid email_id
      business_email_address work_mail mail mail_address office_email email_primary_work work_contact_email internet_address
      user_principal_name usrid_long dienstliche_email email_adresse mailadresse courriel adresse_email adresse_mail email_professionnel
      correo correo_electronico email_corporativo email_aziendale epost e_postadres e_mailadres e_mail_zakelijk`,
    low: 'email_1 emails.value primary_mail upn',
  },
  firstName: {
    high: 'first_name given_name forename',
    medium: `legal_first_name fname first_nm name_first firstname_legal legal_name_first_name christian_name vorname rufname prenom nombre
      nombres nome voornaam fornavn fornamn imie primeiro_nome vorna`,
    low: 'first given',
  },
  middleName: {
    high: 'middle_name',
    medium:
      'secondname second_name middle_names legal_middle_name mname name_middle zweiter_vorname deuxieme_prenom segundo_nombre',
    low: 'middle_initial',
  },
  lastName: {
    high: 'last_name surname family_name',
    medium: `familyName1 legal_last_name lname last_nm name_last legal_name_last_name nachname familienname nom nom_de_famille
      apellido apellidos cognome achternaam etternavn efternavn efternamn nazwisko sobrenome ultimo_nome nachn`,
    low: 'last family',
  },
  preferredName: {
    high: 'preferred_name preferred_first_name',
    medium:
      'nickname known_as common_name goes_by pref_first_name preferred_given_name chosen_name spitzname prenom_usuel roepnaam rufnm',
    low: 'nick',
  },
  title: {
    high: 'job_title business_title',
    medium: `title position_title position job_title_description position_name role job_name designation job_descr jobcode_descr
      position_descr jobtitle_name job_profile_name stelle stellenbezeichnung berufsbezeichnung funktion poste intitule_du_poste fonction
      puesto cargo mansione qualifica functie stilling befattning stanowisko`,
    low: 'job position_description work_title',
  },
  departmentId: {
    high: 'department_id department_code department_number',
    medium: `dept_id dept_code deptid deptno dept_no dept_number home_department_code department.id org_unit_id orgeh abteilungsnummer
      code_departement`,
    low: 'cost_center_id',
  },
  departmentName: {
    high: 'department_name department',
    medium: `department.name dept departments dept_name dept_nm deptname dept_descr department_desc department_description home_department
      home_department_description dname organizational_unit org_unit_name abteilung bereich departement nom_du_departement
      departamento reparto dipartimento afdeling avdeling avdelning dzial`,
    low: 'cost_center_name supervisory_organization',
  },
  officeId: {
    high: 'office_id location_id work_location_id location_code work_location_code site_id',
    medium: `office office_name location location_name work_location work_location_name location_description site site_name
      standort arbeitsort lieu_de_travail site_de_travail oficina sede locatie vestiging kontor`,
    low: 'branch plant workplace building werks',
  },
  officeAddress: {
    high: 'office_address work_address location_address work_location_address',
    medium: 'business_address site_address arbeitsadresse adresse_du_bureau',
    low: '',
  },
  addressCountry: {
    high: 'work_country work_location_country location_country office_country',
    medium: 'work_address_country business_country site_country country_of_work',
    low: '',
  },
  addressState: {
    high: 'work_state work_location_state location_state',
    medium: 'work_address_state work_province office_state site_state',
    low: '',
  },
  employeeTypeCode: {
    high: 'employee_type employeeTypeCode employment_type worker_type',
    medium: `contract_type employee_class worker_category worker_category_description empl_type reg_temp hiring_type user_person_type
      person_type vertragsart mitarbeitertyp type_de_contrat tipo_de_contrato persg`,
    low: 'worker_kind',
  },
  fullTimeOrPartTimeCode: {
    high: 'fullTimeOrPartTimeCode full_time_or_part_time full_part_time full_time_part_time',
    medium:
      'time_type work_schedule_type full_or_part_time ft_pt is_full_time isFulltimeEmployee arbeitszeitmodell temps_de_travail',
    low: '',
  },
  originalHireDate: {
    high: 'original_hire_date first_hire_date',
    medium: 'orig_hire_dt original_start_date originalStartDate initial_hire_date date_of_first_hire konzerneintritt',
    low: '',
  },
  lastHireDate: {
    high: 'hire_date last_hire_date most_recent_hire_date',
    medium: `start_date date_of_joining date_hired joined_on join_date joining_date work_start_date hired_at hire_dt last_hire_dt
      hiredate employment_start_date date_of_hire date_started eintrittsdatum eintritt date_d_embauche date_embauche date_d_entree
      fecha_de_alta fecha_de_ingreso fecha_contratacion data_assunzione data_di_assunzione datum_in_dienst startdatum ansattdato
      anstallningsdatum data_zatrudnienia data_de_admissao`,
    low: 'rehire_date begda',
  },
  dateInJob: {
    high: 'date_in_job position_start_date job_start_date',
    medium: 'job_effective_date role_start_date job_entry_dt position_entry_dt current_job_start_date',
    low: '',
  },
  dateOfSeniority: {
    high: 'last_promotion_date date_of_last_promotion',
    medium: 'promotion_date',
    low: '',
  },
  dateOfTermination: {
    high: 'termination_date date_of_termination',
    medium: `terminated_on end_date last_working_day last_day_of_work exit_date date_terminated termination_dt departure_date leave_date
      leaving_date last_day date_left separation_date actual_termination_date last_date_worked employment_end_date austrittsdatum austritt
      date_de_sortie date_de_depart fecha_de_baja data_cessazione datum_uit_dienst einddatum sluttdato slutdato slutdatum`,
    low: 'contract_end_date term_date completion_date',
  },
  remote: {
    high: 'is_remote works_remotely remote_worker',
    medium: 'remote work_from_home wfh home_office_flag',
    low: '',
  },
  lastUpdated: {
    high: 'last_modified last_updated updated_at last_modified_at',
    medium: `last_changed date_time_changed modified_at last_modified_timestamp last_modified_date last_update_date lastupddttm
      lastModifiedDateTime modified_on changed_at date_modified systemmodstamp`,
    low: '',
  },
};

/** Parts of a name that make it mean something else. */
export const antonyms: Readonly<Record<string, readonly string[]>> = {
  email: [
    'personal',
    'home',
    'privat',
    'alternate',
    'supervisor',
    'manager',
    'reportsto',
    'secondary',
    'vorgesetz',
    'responsable',
  ],
  employeeId: [
    'company',
    'manager',
    'supervisor',
    'reportsto',
    'department',
    'location',
    'office',
    'position',
    'job',
    'team',
    'user',
    'site',
    'division',
    'subcompany',
    'vorgesetz',
    'responsable',
  ],
  supervisorId: ['email', 'mail', 'firstname', 'lastname', 'fullname'],
  firstName: ['manager', 'supervisor', 'reportsto', 'emergency', 'spouse'],
  lastName: ['manager', 'supervisor', 'reportsto', 'emergency', 'spouse'],
  preferredName: ['manager', 'supervisor', 'reportsto'],
  employeeStatusCode: [
    'marital',
    'filing',
    'address',
    'tax',
    'home',
    'visa',
    'military',
    'approval',
    'plan',
    'manager',
    'supervisor',
  ],
  addressCountry: ['birth', 'home', 'nationality', 'personal', 'origin'],
  addressState: ['birth', 'home', 'personal', 'tax'],
  title: ['prefix', 'salutation', 'manager', 'supervisor'],
  departmentName: ['manager'],
};

/**
 * Parts of a path under which nothing is proposed: what lies there is private, or another person's. A name may stand under
 * `personal`, which is where some systems keep all names.
 */
export const privatePart =
  /^(home(?!work|dep)|privat|emergency|spouse|partner|dependent|beneficiar|child|bank|internationalbank|salar|compensation|payroll(?!n)|pay(ment|stub|slip)|benefit|health|hsa|medical|insurance|tax|visa|passport|immigration|credential|birth)/;
export const personalPart = /^personal(?!nummer)/;
