package compare

import "time"

// What is considered of one capture. A page of ordinary size is far from each; a larger artifact is considered up to here, and that is told.
const (
	maxText     = 8 << 20     // bytes of text.txt, of source.html and of dom.html each
	maxWords    = 4_000_000   // of one text
	maxLines    = 400_000     // of one text
	maxArchive  = 128 << 20   // bytes
	maxAnswers  = 64 << 20    // bytes of an archive's answers that are text
	maxHAR      = 64 << 20    // bytes
	maxFacts    = 32 << 20    // bytes
	maxPEM      = 4 << 20     // bytes
	maxEntries  = 50_000      // exchanges of a HAR
	maxPicture  = 512 << 20   // bytes of a PNG
	maxPixels   = 120_000_000 // of a picture of 8 bits a channel; half as many of 16 bits. Decoded it takes 480 MB
	maxLinks    = 20_000      // of one document
	maxHashSide = 16_384      // pixels: resizing for the perceptual hash takes 256 bytes for each row
)

// What is shown of one difference.
const (
	maxListed = 100 // things of a list
	maxShown  = 500 // characters of one thing
	maxAreas  = 64  // changed rectangles of a picture
)

// The judgement of contents. A page asked twice is never the same: clocks, counters, tokens, advertisements, a banner that turns. So texts are
// compared by pairs of words with every number taken for the same (Likeness.Steady), and nothing that such things alone can bring about is
// suspicious:
//
//   - On pages made for the tests a clock, counters, a ticker of ever new names and an offer that turns leave Steady above 0.8; a layout for
//     phones that leaves out menu, side column and half of the footer leaves more than 0.6.
//   - Texts of different people on different matters share 0.02 to 0.09, in Chinese and in English; papers of one case, with their common
//     headings, up to 0.2. So otherText lies well above what is another page, and well below what is the same.
//   - Chinese is compared by pairs of characters; pairs of letters would not do for English, where unrelated texts share most of them.
const (
	mostText  = 0.60 // Steady at and above it: the same page
	otherText = 0.35 // Steady below it: another page

	fewWords = 60 // neither side has more: its words say nothing about a page, which is a picture, a form or a canvas

	samePicture  = 10 // bits of 64 of the perceptual hash up to which pictures look the same
	otherPicture = 24 // bits from which they have nothing to do with each other; two of no relation differ in 32 on average

	otherSource = 0.35 // Steady of the markup below it: another document
	otherCode   = 0.20 // share of common scripts and style sheets below it: another site's
	leastCode   = 4    // of them both sides must have together
	otherTitle  = 0.50 // Steady of the titles below it
)

// suspect is the sum of points from which a difference is suspicious. One sign of 60 is enough; others need company.
const suspect = 60

// The views of one comparison were taken within it. Beyond, a site may have changed for everybody in between.
const maxApart = 2 * time.Hour
