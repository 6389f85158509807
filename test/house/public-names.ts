/** Every name that each entry point exports at run time. A change here is a change of the public API: say it in CHANGELOG.md. */
export const publicNames: Readonly<Record<string, string>> = {
  numerics: `
    AffectomeError Random artifactError bootstrapEstimate chiSquareUniform column configError
    cosineSimilarity environmentError fisherZ formatWhere gram inputError intervalFrom inverseFisherZ keyOf
    linearTrend matrix mean meanCorrelation meanEstimate pearson proportionEstimate quantile row split
    standardDeviation standardErrorOf tMeanEstimate takeRows throwIfCancelled
  `,
  formats: `
    cellPlace decodeText formatNpy formatTsv listMat5 npyHeader parseDelimited parseMat5 parseNpy
  `,
  stimuli: `
    countTopCategoryTies cowenKeltnerCategories cowenKeltnerDimensions formatCaptions formatRatings
    formatStimuli importCowenKeltner maskOf matchIds paperExclusions ratingsOptions readCaptions readIdList
    readRatings readScales readStimuli repeatedVideos resolveMedia scalesSidecar stimuliOptions subsetOf
    takeStimuli topCategory unknownIds
  `,
  trials: `
    balancedOrders choosePrototypes countDyads countRepeats countTripletLines countTriplets formatTripletText
    groupTriplets hasRepeats markShared planTrials readTripletArray readTripletText sampleAll sampleCeiling sampleDyads
    samplePrototypes sampleRandom shownOrders shownPosition trialSets trialsOptions tripletArray
    unknownOrder withBalancedOrders withUnknownOrders
  `,
  judges: `
    answerBySimilarity captionsJudge featuresJudge judgeOptions pictureVectors picturesJudge ratingsJudge
    readVectors replayJudge simulatedJudge tieTolerance
  `,
  judgments: `
    agreement countPositions judgmentColumns judgmentsFromColumns noChoice noiseCeiling outcomes
    summariseJudgments
  `,
  embedding: `
    choiceProbabilityRsm chooseCandidate chooseRun compareRsms componentsNeeded cosineRsm dotProductRsm
    embeddingOptions evaluate explainableShare fit fitIdentity foldsOf formatCheckpoint formatEmbedding
    measuredRsm parseCheckpoint predictProbabilities prune readEmbedding reproducibility resolveFit
    rsmGeneralisation splitFold splitTrainingSet summariseCandidate takeTrials trainingSet
  `,
  interpretation: `
    categoriesKept centroidAccuracy componentCorrelations componentKind interpret interpretationOptions labelTerms
    nearestCentroid
  `,
  report: `
    renderReport
  `,
  study: `
    Artifacts Hashes findStudy formatVersion hashFile lockStudy manifestPath openStudy parseConfiguration
    readManifest softwareVersion stepStatus studyFile studyOptions studySchema writeAtomically
  `,
  /** Beyond the stages: worker threads, files, the steps of a study. */
  node: `
    fitRuns importCaptions importEmotionVideos importJudgeFile importRatings importStimuli judgeContrast
    makeJudge paths planSteps planStudy readFindings readThumbnails runSteps stages
  `,
};
