/**
 * Keys of each `/payroll/v1` row in the order they are sent.
 * `name` is a string, `name:t` another type: dt zone-less date-time, us `M/d/yyyy h:mm:ss AM`, day `YYYY-MM-DD`, n decimal,
 * i integer, b boolean, uuid, obj, array. Misspelt names are misspelt on the wire.
 */
export const PAYROLL_FIELDS: Readonly<Record<string, string>> = {
  'pay-register': `
    annualSalary:n autoAllocate:b bonusTotalHours:n bonusTotalOTHours:n checkAddMode checkAmount:n companyId
    payPeriodFrequency currencyCode directDepositAmount:n documentNumber earningTaxReportingType employeeId
    employeeStatus employeeNumber checkId hourlyPayRate:n isRegularPayForCumulative isVoided:b isVoidingRecord:b
    jobCode lastRegularPayDate:dt locationCode nameFirst nameLast nameMiddle nameSuffix netAmount:n
    organizationLevel1 organizationLevel2 organizationLevel3 organizationLevel4 originalPayPeriodFrequency
    payDate:dt payGroup periodControl periodEndDate:dt periodStartDate:dt project reconciled reconcileDate:dt
    sequenceNumber:i shift ssn stateSui suiGross:n taxCalculationGroupID taxCalculationSequence
    totalDeductionAmount:n totalEarningsAmount:n totalHours:n totalHoursWorked:n totalShiftAmount:n totalTaxAmount:n
    voidDate:dt`,
  'paygroup-payperiods': `
    isActive:b dateTimeChanged:dt dateTimeCreated:dt dateTimeFiscalEndDone:dt dateTimePeriodClosed:dt
    dateTimePeriodOpened:dt fiscalYearEnd:b isCtsCreated:b isPeriodClosed:b isQtdobPerControl:b isYtdobPerControl:b
    monthlyPayPeriodNumber:i mqyEndFlag obType payDate:dt payDateSeq:i payGroup payPeriodId:i periodControl
    periodEndDate:dt periodStartDate:dt periodType suspAutoPay suspDirectDeposit userIdChanged userIdCreated notes
    auditKey:i payrollStateId:i combineNachaFileName combineNachaFileOverride:b txFilAppDateTime:dt txFilAppUserId:i
    allowWebPyrlAfterYeRecon:b payrollChangeFlags:i payrollTransitionFlags:i instantCheckMoveRule:b
    bringInPayrollBatchLoad:b bringInPpiLoad:b bringInRetroPayLoad:b lmwActive:b roePayDate:dt
    taxArrearsCollectEnabled:b`,
  'earnings-history-base-elements': `
    employeeId companyId earningCode employeeNumber genNumber periodControl payGroup accrualCode baseAmount:n
    batchID calculationRule calculationSequence currentAmount:n currentHours:n glBaseSegmentId
    glFollowBaseAccountAllocation grossUp grossUpTarget:n grossUpTaxCalculationMethod:i hourlyPayRate:n
    includeInDeferredCompensation:b includeInDeferredCompensationHours:b isVoided:b isVoidingRecord:b jobCode
    jobPremiumAmount:n jobPremiumRateOrPercent:n location numberOfDays:i numberOfGames:i payDate:dt payoutRateType
    payRate:n paySheetID periodPayRate:n pieceCount:n piecePayRate:n planYear project reportCategory
    taxCalculationGroupId taxCategory timeClockCode tipCredit:n tipGrossReceipts:n tipType useDeductionOffSet:b
    ytdAmount:n ytdShiftAmount:n`,
  'payroll-deductions-history': `
    allowPartialDeduction batchID benefitAmount:n benefitOption benefitProvider childSupportType companyId checkId
    currentArrearsAmount:n customAmount1:n customAmount2:n customDate:dt deductionCalculationBasisAmt:n
    deductionCode deductionForBonusOnly deductionPlanType deductionType deferredCompensationCap:n
    deferredCompensationRegularCap:n dependentRecordId employeeCalculationRateOrPercent:n employeeCalculaitonRule
    employeeCurrentAmount:n employeeDeductionLastPaid:dt employeeGoalAmount:n employeeGoalRule
    employeeGoalToDateAmount:n employeeId employeeOriginalAmount:n employeeNumber employerAnnualCapCalculationRule
    employerCalculationRateOrPercent:n employerCalculationRule employerCurrentAmount:n
    employerPeriodCapCalculationRule excludeFromWorkersCompensation generalLedgerExpenseAccount
    generalLedgerPayAccount is401k:b is403b:b is408k:b is408p:b is457:b is457b:b is457F:b is501C:b isD125:b
    isDeductionOffSet:b isDeferredCompensation:b isDependentCare:b isHousing:b isNonQualifiedPlan:b
    isPublicEmployeeRetirement:b isProrated:b isSection125:b isVoided:b isVoidingRecord payDate:dt payeeID payGroup
    periodControl recordId:n taxCalculationGroupId taxCategory timeclockCode vendor
    wageGarnishmentAdditionalArrearageAmount:n wageGarnishmentAllocateAsArrears wageGarnishmentAmountExempt:n
    wageGarnishmentAmountExemptFromLevy:n wageGarnishmentAmountExemtFromGarn:n wageGarnishmentAmountSubjectToCS:n
    wageGarnishmentAmountSubjectToGarnishment:n wageGarnishmentDeductionTaxCategory
    wageGarnishmentDisposableIncome:n wageGarnishmentMinimumWageFactor:n wageGarnishmentWageCode
    yearToDateDeferredCompensationCombinedAmount:n`,
  'direct-deposit': `
    description account accountType amountOrPercent:n companyId directDepositOrPrenote depositRule employeeBankId
    employeeBankName employeeBankRoutingNumber employeeId firstPrenotePayDate:dt sequenceNumber
    employeeInstitutionNumber countryCode foreignAccountNumber foreignAccountNumberType accountRecordId:uuid
    dateTimeChanged:dt accountIsInactive:b`,
  'pay-statements-summary': `
    employeeidentifier:obj payidentifier paydate:dt document totalearnings:n totaldeductions:n totaltaxes:n`,
  'pay-statements': `
    accruals:array addressline1 addressline2 city companyaddresscity companyaddresscountry companyaddresscounty
    companyaddressline1 companyaddressline2 companyaddresspostalcode companyaddressstateorprovince companyname
    companyphone companyphoneext country deductions:array deductionscurrent:n deductionsytd:n document
    earnings:array employeeidentifier:obj employeenumber federaladditionalamountWithheld:n
    federalallowancesclaimed:i federalfilingstatus federaltaxablewagescurrent:n federaltaxablewagesytd:n fullname
    grosswagescurrent:n grosswagesytd:n job location netpay:array netpaycurrent:n netpayytd:n orglevel1 orglevel2
    orglevel3 orglevel4 paydate:dt payperiodfrequency paygroup payidentifier payrate:n periodenddate:dt
    periodstartdate:dt postalcode residentstateallowancesclaimed:i residentstatefilingstatus ssn stateorprovince
    taxes:array taxescurrent:n taxesytd:n workstateallowancesclaimed:i workstatefilingstatus`,
};
