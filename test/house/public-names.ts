/** Every name that each entry point exports at run time. A change here is a change of the public API: say it in CHANGELOG.md. */
export const publicNames: Readonly<Record<string, string>> = {
  numerics: `
    AffectomeError artifactError bcaLimits bootstrapEstimate chiSquareTail chiSquareUniform column
    configError cosineSimilarity environmentError falseDiscoveryRates fisherZ formatWhere gram holm
    inputError intervalFrom inverseFisherZ kendallCounts kendallTauA kendallTauB keyOf linearTrend matrix
    mean meanCorrelation meanEstimate midranks pairedDifference pearson percentileLimits permutationP
    proportionEstimate quantile Random rhoA row sortedOrder spearman split standardDeviation standardErrorOf
    takeRows throwIfCancelled tMeanEstimate
  `,
  formats: `
    affineOfZooms affinesAgree cellPlace ciftiMaps decodeText formatNpy formatTsv frameValues giftiArray
    giftiOfMaps giftiOfSurface inverseAffine lengthOfAxis listMat5 listMat73 makeVolume mapsOf maskVoxels
    nFramesOf nVoxelsOf niftiFrames npyHeader openHdf5 parseDelimited parseMat5 parseNpy readAnnot readCifti readCurv
    readGifti readMat73 readMgh readNifti requireSameGrid surfaceOf volumeValues voxelSeries worldOf writeGifti
    writeNifti zoomsOf
  `,
  stimuli: `
    clipRecipe countTopCategoryTies cowenKeltnerCategories cowenKeltnerDimensions formatCaptions
    formatManifest formatRatings formatStimuli frameRate importCowenKeltner maskOf matchIds p1FrameRule
    paperExclusions plannedFrames ratingsOptions readCaptions readIdList readRatings readScales
    readStimuli repeatedVideos resolveMedia scalesSidecar stimuliOptions subsetOf takeStimuli
    topCategory unknownIds
  `,
  trials: `
    balancedOrders choosePrototypes countDyads countRepeats countTripletLines countTriplets formatTripletText
    groupTriplets hasRepeats markShared planTrials readTripletArray readTripletText sampleAll sampleCeiling sampleDyads
    samplePrototypes sampleRandom shownOrders shownPosition trialSets trialsOptions tripletArray
    unknownOrder withBalancedOrders withUnknownOrders
  `,
  judges: `
    answerBySimilarity builtInPromptNames captionDrawer captionsJudge drawCaptions expectedPromptTokens
    expectedTokens featuresJudge judgeOptions loadTemplate pictureVectors picturesJudge preflight
    ratingsJudge readVectors renderPrompt replayJudge requireAgreement requireCapabilities
    requireCaptions simulatedJudge spreadByFrames tieTolerance tokenFamilies tokenFamilyOf
  `,
  judgments: `
    agreement answerDifference correctForAll countPositions defaultLabels judgmentColumns
    judgmentsFromColumns latencySummary latestRatingReader latestReaderVersion noChoice noiseCeiling outcomes outcomeShares
    promptDifference qualityOptions ratingAgreement readingName readingNames readLogprobs readRatingReply readReply readStructured
    repeatConsistency reread summariseJudgments
  `,
  embedding: `
    choiceProbabilityRsm chooseCandidate chooseRun compareRsms componentsNeeded cosineRsm dotProductRsm
    embeddingOptions evaluate explainableShare fit fitIdentity foldsOf formatCheckpoint formatEmbedding
    measuredRsm parseCheckpoint predictProbabilities prune readEmbedding recoveredComponents
    reproducibility resolveFit rsmGeneralisation saturationFit saturationPlan saturationSubset splitFold
    splitTrainingSet summariseCandidate summariseSaturation takeTrials trainingSet
  `,
  interpretation: `
    categoriesKept centroidAccuracy componentCorrelations componentKind interpret interpretationOptions labelTerms
    nearestCentroid
  `,
  geometry: `
    adjustedRand affectGraph align alignMap alignmentOptions alignmentProblem alignSection alignSubsets
    behaviouralConsistency compareOptions consistencyOptions graphsOptions mapOptions
    categoryMatching communities communitySets componentGraph debiasedCka distanceProfileStart fastChoiceRsm
    featureMeasures givenStart graphOptions itemMatching labelSets linearCka mapQuality matchRsms modularity
    mostAgreed nameCommunity noCommunity normalisedMutualInformation optimiserGap pageRank planAlignment
    procrustes procrustesScores project projectionOptions randomStart rdmAgreement readRsm referenceLoss referencePlan
    rsa rsaMeasures rsaNoiseCeiling rsm rsmOfEmbedding rsmOfFeatures rsmOfJudgments setIntersections
    sharedByChance sharedCommunities shuffledNull Solver symmetryTolerance takeStimuliOfRsm takeStructure tsne umap
    uniformStart upperTriangle vectorAgreement zScoredColumns
  `,
  brain: `
    areaOf bdataColumns blockVoxels brainOptions centresOfShard concatenateFeatures controlledCorrelations
    correlationTests dataLimits discoveryRates encode encodingBytes encodingPresets eventFrames findFmriprepRuns
    groupDefaults groupDifferences groupTests hcpMmp1Areas hcpMmp1Names joinAlphaScores joinBlocks
    joinHemispheres joinRuns joinSearchlightParts labelsOfAnnotation labelsOfCifti labelsOfGifti
    labelsOfStructures labelsOfTable labelsOfVolume layOutEncoding LeaveOneOut logSpaced mostReliable motionColumns
    motionConfounds namedConfounds oneSampleT p1CorticalRegions p1Responses p1SubcorticalRegions pairedT
    parseBidsName partitionVariance permuteCorrelations permuteEncoding placeNeighbourhoods planEncoding planEncodingInTurns planSignFlips prepareSearchlight
    readBdata readConfounds readEvents readLabelNames regionMeans regionsInMask regionsOfGroups
    regionsOfLabels regionTable reliableStimuli runResponses sampleRibbon sampleVertices scenePng sceneSvg
    searchlight searchlightMap searchlightOptions searchlightOutcomes searchlightPatterns selectBdata
    sharedAlphas shareWonAcross signFlipTests sliceMap sphereNeighbourhoods stimulusEvents
    stimulusReliability surfaceMap surfaceNeighbourhoods TrialPatterns typicalAlphas unionsOf viewNames
    voxelCeiling VoxelEncoder voxelKinds voxelRanges voxelScatter weightMaps withoutStrays yeoNetworks
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
    alignOnWorkers ClipLibrary deriveClips encodeInWorkers encodePlanned exportFormats exportJudge exportSets
    findFmriprepRunsIn fitRuns importCaptions importEmotionVideos importJudgeFile importRatings importStimuli
    judgeContrast makeAdapters makeJudge mediaSha256 openHdf5File openLedger openNifti paths planSteps
    planStudy probe probeJudge probeTask projectOnWorker readFindings readResponses readThumbnails
    readVoxelSeries rereadJudge rereadTask rsaOnWorkers runSteps saturation searchlightOnWorkers stages
  `,
};
