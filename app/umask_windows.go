package app

// closeFiles has nothing to do here: files take their rights over from their folder, and those of ours name the owner alone (package private).
// The browser's profile lies in the temporary folder of the user, which Windows gives to the user, the system and its administrators.
func closeFiles() {}
