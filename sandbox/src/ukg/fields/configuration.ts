/**
 * Keys of each `/configuration` row in the order they are sent.
 * `name` is a string, `name:t` another type: dt zone-less date-time, us `M/d/yyyy h:mm:ss AM`, day `YYYY-MM-DD`, n decimal,
 * i integer, b boolean, uuid, obj, array. Misspelt names are misspelt on the wire.
 */
export const CONFIGURATION_FIELDS: Readonly<Record<string, string>> = {
  'company-details': `
    isMasterCompany:b masterCompanyId companyId companyCode companyDoingBusinessAsName companyGLSegment companyName
    taxCalculationGroupId contractNumber addressLine1 addressLine2 addressCity addressState addressZipCode
    addressCountry addressCounty phoneNumber phoneNumberExtension federalTaxId otherFederalTaxId
    organizationLevel1Label organizationLevel2Label organizationLevel3Label organizationLevel4Label currencyCode
    dateOfBusinessClosure:dt usePositionManagement:b useMultipleJobGroups:b integrationRecordId:uuid`,
  'company-details (old)': `
    isMasterCompany masterCompanyId companyID companyCode companyName addressLine1 addressLine2 addressCity
    addressState addressZipCode addressCountry addressCounty phoneNumber phoneNumberExtension federalTaxId
    orgLevel1Code orgLevel2Code orgLevel3Code orgLevel4Code`,
  'jobs v1': `
    countryCode flsaTypeCode isActive:b jobCode jobEEOCategory jobFamilyCode jobGroup longDescription title`,
  'jobs v2': `
    countryCode jobCode title jobFamilyCode isActive:b longDescription jobEE0Category jobGroup flsaTypeCode
    integrationRecordId:uuid workEnvirornmentCode workEnvironmentDesc`,
  locations: `
    locationCode description isActive:b addressLine1 addressLine2 city state zipOrPostalCode countryCode
    locationGLSegment`,
  'org-levels': `
    description budgetGroup code currentYearBudgetFTE:n currentYearBudgetSalary:n glSegment lastYearBudgetFTE:n
    lastYearBudgetSalary:n level:n levelDescription reportingCategory isActive:b`,
  positions: `
    alternateTitle companyId dateTimeChanged:dt dateTimeCreated:dt employeeType effectiveStartDate:dt
    effectiveStopDate:dt fundID glSegment isApproved:b isEligibleForBenefits:b isProrated:b jobcode locationCode
    notes organizationLevelCode1 organizationLevelCode2 organizationLevelCode3 organizationLevelCode4
    overstaffingAllowed:b payGroupCode positionCode projectCode shiftGroupCode statusCode statusAsOfDate:dt
    userDefinedField01 userDefinedField02:dt userDefinedField03:n userDefinedField04:obj integrationRecordId`,
  jobgroup: `
    jobGroupCode jobGroupCodeDescription jobGroupNotes jobGroupCountryCode`,
  'organization-reporting-category': `
    description code level integrationRecordId`,
  'shift-codes': `
    shiftCode shiftCodeDescription`,
  roles: `
    rolDefaultRole:b rolDescription rolID:n rolName rolDefaultRoleTerminated:b rolBI:b`,
  'tax-groups': `
    taxCalcGroupIdCode taxCalcGroupDescription depositFrequencyCode depositFrequencyDescription taxCalcGroupTypeCode
    taxCalcGroupTypeDescription taxCalcGroupReportId taxGroupCountryCode dateFinalWagesPaid:dt dateMonthReset:dt
    dateQuarterReset:dt dateYearReset:dt taxGroupIsNotSubjectToSocMedTax:b taxGroupIsNotPayingWages:b
    taxGroupIsInactive:b`,
  earnings: `
    earningCode longDescription amount:n blockFederalIncomeTax:b blockLocalIncomeTax:b blockStateIncomeTax:b
    calculationRule displayInPayDataEntry:b excelInTotalHours:b flatHours:n includeInAccruals includeInAllocations:b
    includeFlsaAveragePayRate:b includeInBenefitHours:b includeInDeferredCompensation:b
    includeInDeferredCompensationHours:b includeInEarningAccumulation:b includeInHoursAccumulation:b
    includeInManualCheck:b includeInMiscellaneousEarning1:b includeInMiscellaneousEarning2:b
    includeInMiscellaneousEarning3:b includeInMiscellaneousEarning4:b includeInMiscellaneousEarning5:b
    includeInMiscellaneousEarning6:b includeInPensionAccumulation:b includeInRetroPay:b includeInShiftDiffrential:b
    isProductiveTime:b isSupplimentalWages:b monthlyPayPeriod1:b monthlyPayPeriod2:b monthlyPayPeriod3:b
    monthlyPayPeriod4:b monthlyPayPeriod5:b notes reduceRegularDollars:b reduceRegularHours:b reportCategory
    scheduleSupplemental:b stubDescription taxCategory timeClockCode countryCode useDeductionOffset:b
    includeInRegisteredPensionPlan:b includeInRegisteredRetirementSavingsPlan:b includeInUnionDues:b
    includeInUnionDuesHours:b taxCalculationRule exemptFromEarnedIncomeHours includeInHealthCareHours:b
    verificationTypeCode verificationTypeDescription`,
};
