/**
 * Keys of each `/personnel/v1` row in the order they are sent.
 * `name` is a string, `name:t` another type: dt zone-less date-time, us `M/d/yyyy h:mm:ss AM`, day `YYYY-MM-DD`, n decimal,
 * i integer, b boolean, uuid, obj, array. Misspelt names are misspelt on the wire.
 */
export const PERSONNEL_FIELDS: Readonly<Record<string, string>> = {
  'person-details': `
    additionalName1 additionalName2 addressId:uuid addressIsOnTaxBoundary:b addressLatitude:n cobraExport
    cobraIsActive:b cobraReason cobraStatus cobraStatusDate:dt communityBroadcastSmsCode consentElectronicW2:b
    consentElectronicw2pr:b dateDeceased:dt dateOfCobraEvent:dt dateOfCobraExport:dt dateOfCobraLetter:dt
    dateOfI9Expiration:dt datetimeChanged:dt datetimeCreated:dt disabilityType ethnicDescription formerName
    healthBloodType healthEyes healthHair healthHeightFeet healthHeightInches healthLastDonateDate:dt healthWeight:n
    i9AlienNumber i9DocA i9DocB i9DocC i9Verified:b i9VisaType i9WorkAuth isDisabled:b isMultiPayGroup:b isSmoker:b
    militaryService:b militaryBranchServed militaryEra militaryIsDisabledVet militaryIsOthEligVet
    militaryIsOthEligVetBasis militaryIsActiveWartimeVet nameFormer previousSSN originCountry originLocation
    w2IsDeceased:b cobraNotes addressSms militarySeparationDate:dt homePhoneIsPrivate:b smsApprovals:b
    smsPayNotification:b i9VisaExpirationDate:dt militaryIsMedalVet lastNameNotSameAsSSCard chkCashingInstCode
    nationality1 nationality2 nationality3 personId:uuid employeeId companyId userName firstName middleName lastName
    preferredName namePrefixCode nameSufixCode emailAddress emailAddressAlternate homePhone homePhoneCountry
    addressLine1 addressLine2 addressCity addressState addressZipCode addressCountry addressCounty nationalId
    nationalIdCountry dateOfBirth:dt gender ethnicIDCode maritalStatusCode ssn ssnIsSuppressed:b`,
  'employment-details': `
    companyID companyCode companyName employeeID jobDescription payGroupDescription primaryJobCode orgLevel1Code
    orgLevel2Code orgLevel3Code orgLevel4Code originalHireDate:dt lastHireDate:dt fullTimeOrPartTimeCode
    primaryWorkLocationCode languageCode primaryProjectCode workPhoneNumber workPhoneExtension workPhoneCountry
    dateInJob:dt dateLastWorked:dt dateOfBenefitSeniority:dt dateOfSeniority:dt deductionGroupCode earningGroupCode
    employeeTypeCode employeeStatusCode employeeNumber jobChangeReasonCode jobTitle leaveReasonCode supervisorID
    supervisorFirstName supervisorLastName autoAllocate clockCode dateLastPayDatePaid:dt dateOfEarlyRetirement:dt
    dateOfLocalUnion:dt dateOfNationalUnion:dt dateOfRetirement:dt dateOfSuspension:dt dateOfTermination:dt
    datePaidThru:dt statusStartDate:dt hireSource isAutoAllocated isAutopaid isMultipleJob jobGroupCode mailstop
    okToRehire payGroup payPeriod plannedLeaveReason positionCode salaryOrHourly scheduledAnnualHrs:n scheduledFTE:n
    scheduledWorkHrs:n shift shiftGroup termReason terminationReasonDescription termType timeclockID unionLocal
    unionNational weeklyHours:n dateTimeCreated:dt dateTimeChanged:dt supervisorEmployeeNumber supervisorCOID
    supervisorCompanyCode companyGLSegment locationGLSegment`,
  'employee-employment-details': `
    companyID employeeID homeCompany isHomeCompany:b isSupervisor:b primaryJobCode orgLevel1Code orgLevel2Code
    orgLevel3Code orgLevel4Code originalHireDate:dt lastHireDate:dt fullTimeOrPartTimeCode primaryWorkLocationCode
    languageCode primaryProjectCode workPhoneNumber workPhoneExtension workPhoneCountry dateInJob:dt
    dateLastWorked:dt benefitSeniorityDate:dt seniorityDate:dt deductionGroupCode earningGroupCode
    jobChangeReasonCode jobTitle employeeTypeCode employeeStatusCode employeeNumber leaveReasonCode supervisorID
    autoAllocate clockCode dateLastPayDatePaid:dt earlyRetirementDate:dt retirementDate:dt suspensionDate:dt
    terminationDate:dt payGroupCode payPeriod paidThruDate:dt employeeStatusStartDate:dt hireSource
    isAutoAllocated:b isAutoPaid:b isHighlyCompensated:b isMultipleJob:b jobCode jobGroupCode annualSalary:n
    mailstop okToRehire plannedLeaveReason positionCode salaryOrHourly scheduledAnnualHours:n scheduledFTE:n
    scheduledWorkHours:n shift shiftGroup terminationReasonCode terminationDescription termType timeClockID
    weeklyHours:n dateTimeCreated:dt dateTimeChanged:dt employeeStatusExpectedEndDate:dt integrationRecordId:uuid
    currentCompanyCountryCode homeCompanyCountryCode isKeyEmployee:b hourlyPayRate:n salaryEffectiveDate:dt
    unionLocalCode unionNationalCode`,
  'employee-changes': `
    firstName lastName preferredName emailAddress countryCode languageCode employeeNumber employeeId personId
    userIntegrationKey companyName companyId supervisorId salaryOrHourly fullTimeOrPartTime isActive:b
    workLocationCode jobCode projectCode orgLevel1Code orgLevel2Code orgLevel3Code orgLevel4Code middleName
    workPhone homePhone employeeAddress1 employeeAddress2 city state zipCode terminationDate:us hireDate:us
    supervisorName suffix prefix alternateEmailAddress gender employeeStatus employeeType emplStatusStartDate:us
    dateInJob:us dateOfLastHire:us jobGroupCode alternateJobTitle`,
  'employee-demographic-details': `
    ethnicDescription additionalName1 additionalName2 addressId addressIsOnTaxBoundary addressLatitude:n
    disabilityType formerName healthBloodType healthEyes healthHair healthHeightFeet healthHeightInches
    healthLastDonateDate healthWeight:n previousSSN originCountry originLocation addressSms homePhoneIsPrivate:b
    lastNameNotSameAsSSCard nationality1 nationality2 nationality3 personId employeeId companyId firstName
    middleName lastName preferredName namePrefixCode nameSuffixCode emailAddress emailAddressAlternate homePhoneID
    homePhone homePhoneCountry addressLine1 addressLine2 addressLine3 addressLine4 addressCity addressState
    addressZipCode addressCountry addressCounty dateOfBirth gender ethnicIdCode isSmoker:b isDisabled
    maritalStatusCode ssn ssnIsSuppressed:b userID integrationRecordId cellPhoneNumber`,
  'employee-supervisor-details': `
    employeeID companyID employeeNumber supervisorEmployeeID supervisorFirstName supervisorLastName
    supervisorEmployeeNumber supervisorCompanyID supervisorCompanyCode supervisorStatusCode supervisorJobCode
    supervisorPositionCode supervisorEmail supervisorWorkPhone supervisorPersonId`,
  'compensation-details': `
    employeeID companyID annualSalary:n hourlyPayRate:n weeklyPayRate:n payPeriodPayRate:n currencyCode otherRate1:n
    otherRate2:n otherRate3:n otherRate4:n payGroupDescription piecePayRate:n primaryJobCode jobSalaryGrade
    jobChangeReasonCode jobGroupCode jobTitle dateInJob:dt dateLastPaid:dt dateLastWorked:dt
    dateOfLastSalaryReview:dt dateOfNextSalayrReview:dt isAutoAllocated:b isAutoPaid:b isSeasonalWorker:b
    isHighlyCompensated:b isMultipleJob:b payGroupCode payPeriod payScaleCode salaryOrHourlyCode
    fullTimeOrPartTimeCode scheduledFullTimeEquivalency:n scheduledPeriodWorkHours:n scheduledAnnualWorkHours:n
    weeklyHours:n primaryShiftCode primaryShiftGroupCode avgPayRateCurPer:n bonusTotalHrs:n bonusTotalOtHrs:n
    datePaidThru:dt emplStatus totalAnnSalary:n distributionCenterCode numberOfPayments:i performanceReviewRating
    performanceReviewType`,
  'employee-job-history-details': `
    annualSalary:n companyId dateTimeCreated:dt employeeId employeeType employeeStatus flsaCategory
    fullTimeOrPartTime hourlyPayRate:n isJobChange:b isOrgchange:b isOutsideGuidelines:b isOutsideRange:b
    isPromotion:b isRateChange:b isSystem:b isTransfer:b jobCode jobDescription jobEffectiveDate:dt jobGroupCode
    locationCode orgLevel1Code orgLevel2Code orgLevel3Code orgLevel4Code otherRate1:n otherRate2:n otherRate3:n
    otherRate4:n payGroupCode payPeriodCode payScaleCode percentChange:n periodPayRate:n piecePayRate:n positionCode
    reasonCode salaryGrade salaryOrHourly scheduledAnnualHours:n scheduledFullTimeEquivalency:n scheduledWorkHours:n
    shiftCode shiftGroupCode stepNumber:n supervisorId supervisorNameFirst supervisorNameLast supervisorNameSuffix
    supervisorNotInList:b systemId unionNational usePayScales:b weeklyPayRate:n notes homeCompanyId
    integrationEffectiveDate:dt projectCode numberOfPayments:n weeklyHours:n isViewableByEmployee:b
    createdByUserId:n jobTitle unionLocal`,
  'pto-plans': `
    employeeId companyId ptoPlan earned:n taken:n pendingBalance:n earnedThroughDate:day reset pendingMoveDate:day`,
  contacts: `
    city countryCode county addressIsDifferentFromEmployee:b addressLine1 addressLine2 state zipCode cobraExport:b
    cobraIsActive:b cobraReason cobraStatus cobraStatusDate:dt dateOfBirth:dt dateOfCOBRAEvent:dt
    dateOfCOBRALetter:dt employeeId gender importId isBeneficiary:b isDependent:b isDisabled:b isEmergencyContact:b
    isSmoker:b isStudent:b marriageDate:dt firstName formerName lastName middleName nameSuffix occupation
    otherInsurance homePhoneCountry homePhoneNumber otherPhoneNumber otherPhoneType preferredPhoneNumber
    relationshipCode relationshipDescription ssn contactId userDefinedField01 workPhoneExtension workPhoneNumber
    cobraNotes notes isActive:b statusAsOfDate:dt deathDate:dt divorceDate:dt emailAddress otherPhoneCountryCode
    healthCareId nationalId nationalIdExpirationDate:dt personID:uuid addressID:uuid workPhoneId:uuid
    homePhoneId:uuid otherPhoneId:uuid`,
  'employee-contract-details': `
    amendmentDate:dt companyId contractEndDate:dt contractNumber contractReason contractStartDate:dt
    contractTypeCode contractTypeDescription dateTimeCreated:dt durationDays:n durationMonths:n durationWeeks:n
    durationYears:n employeeId employmentContractId:n fteContractHours:n isAmendment isRenewal notes
    noticePeriodDays:n noticePeriodMonths:n noticePeriodWeeks:n noticePeriodYears:n probationaryDays:n
    rehirePeriodDays:n rehirePeriodMonths:n rehirePeriodWeeks:n rehirePeriodYears:n renewalContractId
    rowLastChanged:dt`,
  'empl-multiple-jobs': `
    annualPayRate:n companyId dateInJob:dt employeeId hourlyPayRate:n isPrimaryJob:b jobCode jobIsInActive:b
    otherRate1:n otherRate2:n otherRate3:n otherRate4:n piecePayRate:n`,
  'empl-multiple-positions': `
    employeeId companyId jobCode positionCode isPrimary:b annualSalary:n hourlyPayRate:n fullTimeOrPartTimeCode
    fullTimeOrPartTime clockCode dateTimeCreated:dt employeeTypeCode employeeTypeDescription effectiveStartDate:dt
    effectiveStopDate:dt isEligibleForBenefits:b locationCode notes organizationLevel1Code organizationLevel2Code
    organizationLevel3Code organizationLevel4Code otherRate1:n otherRate2:n otherRate3:n otherRate4:n
    overrideIncumbentData payGroupCode periodPayRate:n piecePayRate:n projectCode salaryOrHourlyCode salaryOrHourly
    scheduledAnnualHours:n scheduledFullTimeEmployee:n scheduledWorkHours:n shiftCode shiftGroupCode
    shiftGroupDescription systemId weeklyPayRate:n`,
  'employee-multi-phone-numbers': `
    employeeId auditKey firstName formerName:obj lastName middleName phoneNumber phoneCountryCode
    phoneCountryPrefix:obj phoneTypeCode phoneExtension phoneIsPrivate:b systemId`,
  'employee-extended-elements': `
    personID employeeID companyID communityBroadcastSMSCode consentElectronicW2:b consentElectronicW2PR:b
    dateDeceased:dt dateOfI9Expiration:dt dateTimeChanged:dt dateTimeCreated:dt i9AlienNumber i9DocA i9DocB i9DocC
    i9Verified:b i9VisaType i9WorkAuth isMultiPayGroup:b militaryBranchServed militaryEra militaryIsDisabledVet
    militaryIsOthEligVet militaryIsOthEligVetBasis militaryIsActiveWartimeVet w2IsDeceased:b
    militarySeparationDate:dt smsApprovals:b smsPayNotification:b chkCashingInstCode i9VisaExpirationDate:dt
    militaryIsMedalVet militaryService`,
  'employee-education': `
    employeeId systemId school educationLevel educationMajor educationMinor gpa beginDate:dt endDate:dt isGraduate:b
    isHighestLevel:b employeeNumber country`,
  'employee-cobra-details': `
    personID employeeID companyID cobraExport cobraIsActive:b cobraNotes cobraReason cobraStatus cobraStatusDate:dt
    dateOfCobraEvent:dt dateOfCobraExport:dt dateOfCobraLetter:dt`,
  'national-documents': `
    employeeId nationalDocumentId contactId nationalDocumentNumber nationalDocumentDescription
    nationalDocumentTypeCode nationalDocumentIssuingCountryCode nationalDocumentIssuingPlace
    nationalDocumentIssueDate:dt employeeNumber`,
  'international-employees': `
    caste casteDescription countryCode employeeId effectiveDate:dt ethnicIdCode healthCareId isAboriginal nationalId
    nationalIdExpirationDate:dt oldNationalId oldNationalIdExpirationDate:dt userDefinedField1 userDefinedField2
    userDefinedField3:n userDefinedField4:n userDefinedField5:dt userDefinedField6:dt userDefinedField7
    userDefinedField8 userDefinedField9 userDefinedField10:n userDefinedField11:n userDefinedField12:dt
    userDefinedField13:dt userDefinedField14 currencyCode isMilitaryReserve isMilitaryServiceCompleted
    medicalRegionCode`,
  'user-details': `
    employeeId userId:i userName fullName userLastLogonDate:dt userLastPasswordChangeDate:dt userStatus
    integrationUserKey`,
  'user-profile-details': `
    employeeId companyId firstName lastName personId email workPhone userStatus userId:i userName roleId:i roleName
    roleDescription integrationUserKey filterCompanyId filterDeductionGroupCode filterEmployeeType filterStatus
    filterFullTimeOrPartTime filterJobCode filterLocationCode filterOrganizationLevel1 filterOrganizationLevel2
    filterOrganizationLevel3 filterOrganizationLevel4 filterPayGroupCode filterProjectCode filterSalaryOrHourly
    filterShiftCode filterSupervisorID filterTaxCalculationGroupID masterCompany masterCompanyId homeCompany
    homeCompanyId`,
  'employee-security-user-details': `
    userID userName fullName employeeId passwordLastChanged:dt lastLogon:dt`,
  'audit-details': `
    audDateTime:dt audKey1Label audKey2Label audKey3Label audKey1Value audKey2Value audKey3Value audTableName
    audFieldName audOldValue audNewValue audAction audSystemID`,
  'integration-audit-configuration': `
    tableName fieldName isAudited isDefaultAudit`,
  'position-report': `
    dateTimeChanged:dt dateTimeCreated:dt effectiveStartDate:dt effectiveStopDate:dt positionCode
    reportsToPositionCode`,
  'integration/kronos/employee-status': `
    asOfDate:dt employeeId companyId triggerTermination:b status statusStartDate:dt statusReason statusReasonDesc
    isPrimary:b isPrimaryEffectiveDate:dt originalHireDate:dt`,
  'emp-deductions': `
    arrearsAmt:n benefitAmount:n benefitAmountCalcRule benefitAmountRateOrPercent:n benefitOption
    benefitStartDate:dt benefitStatus benefitStatusDate:dt benefitStopDate:dt companyID customAmount1:n
    customAmount2:n customDate:dt dateSuspendedFrom:dt dateSuspendedTo:dt datetimeChanged:dt datetimeCreated:dt
    declinedByCarrier declinedByCarrierDate:dt declinedByCarrierReason deductionCode effectiveRecordID contactID
    memberOrCaseNumber employeeAmount:n employeeCalcRateOrPct:n employeeCalcRule employeeCauseNumber
    employeeDedLastPaid:dt employeeEligibilityDate:dt employeeFiscalYTDAmt:n employeeGoalAmt:n
    employeeGoalToDateAmt:n employeeID employeeLastAmount:n employeeMonthToDateAmount:n
    employeeQuarterToDateAmount:n employeeYearToDateAmount:n evidenceOfInsurabilityDate:dt
    evidenceOfInsurabilityDesiredAmt:n evidenceOfInsurabilityDesiredCalcRateOrPct:n employerAmount:n
    employerCalcRateOrPct:n employerCalcRule employerFiscalYearToDateAmount:n employerLastAmount:n
    employerMonthToDateAmount:n employerQuarterToDateAmount:n employerYearToDateAmount:n interestAmount:n
    isDeductionOffset:b medicalIndicator:b needEvidenceOfInsurability:b notes primaryCarePhysician
    primaryCarePhysicianId priorEmployeeAmount:n priorEmployeeGoalAmount:n priorEmployeeYearToDateAmount:n
    priorEmployerYearToDateAmount:n deductionStartDate:dt deductionStopDate:dt systemID waiveReason isHomeCompany:b
    isWaived:b includeInAdditionalCheck:b includeInManualCheck:b employeePerCapAmount:n employeePerCapPercent:n
    employeePerCapCalcRule`,
  'dep-deductions': `
    benefitAmount:n benefitStartDate:dt benefitStatus benefitStatusDate:dt benefitStopDate:dt certificateNo
    companyID contactID currentCOID dateTimeChanged:dt dateTimeCreated:dt declinedByCarrierDate:dt deductionCode
    deductionNotes deductionType declinedByCarrier declinedByCarrierReason depBPlanTVID:i systemID employeeId
    eoiDate:dt needEOI:b primaryCarePhysician primaryCarePhysicianId isBenefitWaived:b`,
};
