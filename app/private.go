package app

import "os"

// secretVariables are the variables in which a person may hand us a secret.
var secretVariables = []string{"YUZHENG_PASSPHRASE", "YUZHENG_RECOVERY_KEY", "YUZHENG_SIGN_PASSPHRASE", "YUZHENG_HAND_PASSPHRASE", "YUZHENG_PROXY"}

// takeSecrets takes the secrets out of the environment, so that no program that we start is told them, and gives what stands in for os.Getenv.
func takeSecrets() func(string) string {
	taken := map[string]string{}
	for _, name := range secretVariables {
		taken[name] = os.Getenv(name)
		_ = os.Unsetenv(name) // it fails for names that are none
	}
	return func(name string) string {
		if value, ok := taken[name]; ok {
			return value
		}
		return os.Getenv(name)
	}
}
