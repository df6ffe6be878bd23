package compare

// The signs of two times. A and B are before and after.
const (
	// Towards hands.
	NewRegistration SignCode = "new-registration" // another date of registration
	Transferred     SignCode = "transferred"      // to another registrar, after the earlier capture
	OtherRegistrar  SignCode = "other-registrar"
	OtherRegistrant SignCode = "other-registrant"
	OtherServers    SignCode = "other-name-servers" // none stayed
	OtherKey        SignCode = "other-key"          // of the certificate
	OtherAddresses  SignCode = "other-addresses"    // in no common network
	OtherContent    SignCode = "other-content"      // the signs of content sum up to suspect

	// Towards change.
	ChangedText        SignCode = "changed-text"
	ChangedPicture     SignCode = "changed-picture"
	ChangedTitle       SignCode = "changed-title"
	ChangedStatus      SignCode = "changed-status"
	ChangedAddress     SignCode = "changed-address" // at which the visit ended
	ChangedIdentifiers SignCode = "changed-identifiers"
	ChangedDownloads   SignCode = "changed-downloads"
	ChangedBehind      SignCode = "changed-behind"    // identifiers that no words show: a and b have the first
	ChangedLinks       SignCode = "changed-links"     // where the page leads; a and b have the first
	ChangedCodes       SignCode = "changed-qr-codes"  // a and b have the first
	ChangedResources   SignCode = "changed-resources" // pictures, fonts, papers: other bytes under one address; a has it
	ChangedServers     SignCode = "changed-name-servers"
	ChangedMail        SignCode = "changed-mail-servers"
	ChangedNetwork     SignCode = "changed-network"     // addresses in no common network
	ChangedState       SignCode = "changed-status-code" // of the registration
	ChangedExpiry      SignCode = "changed-expiry"      // 0 points: it was paid for
	ChangedCertificate SignCode = "changed-certificate" // 0 points where the issuer stayed: it was renewed
)

// oneChange is what any change counts that no clock or banner brings about: one is enough for Changed.
const oneChange = 1

// hands lists the signs that somebody else holds the name. contents are the points of content, where it can be judged and is somebody's.
func hands(a, b *reading, d Difference, contents int) []Sign {
	var list []Sign
	add := func(on bool, code SignCode, points int, from, to string) {
		if on {
			list = append(list, Sign{Code: code, Toward: TowardHands, Points: points, A: from, B: to})
		}
	}
	if r := d.Registration; r != nil && r.Domain.A == r.Domain.B {
		add(otherDay(r.Created.A, r.Created.B), NewRegistration, 100, r.Created.A, r.Created.B)
		at, told := day(r.Transferred.B)
		add(told && at.After(d.Sides.A.Started), Transferred, 60, r.Transferred.A, r.Transferred.B)
		add(otherHolder(r.Registrar.A, r.Registrar.B), OtherRegistrar, 60, r.Registrar.A, r.Registrar.B)
		add(otherHolder(r.Registrant.A, r.Registrant.B), OtherRegistrant, 60, r.Registrant.A, r.Registrant.B)
	}
	add(serversReplaced(d), OtherServers, 35, "", "")
	if c := d.Certificate; c != nil && c.SameKey != nil && !*c.SameKey && hostOf(c.Origin.A) == hostOf(c.Origin.B) {
		add(true, OtherKey, 10, c.KeySHA256.A, c.KeySHA256.B)
	}
	add(!related(a, b), OtherAddresses, 10, "", "")
	if contents >= suspect && d.Page.SameSite {
		list = append(list, Sign{Code: OtherContent, Toward: TowardHands, Points: 40, Measure: &Measure{float64(contents), suspect}})
	}
	return list
}

// serversReplaced reports whether no name server stayed: by the registration, or else by the name service.
func serversReplaced(d Difference) bool {
	if r := d.Registration; r != nil && r.Domain.A == r.Domain.B && r.Servers.Removed.Total+r.Servers.Added.Total+r.Servers.Kept > 0 {
		return r.Servers.replaced()
	}
	for _, r := range d.DNS.List {
		if r.Type == "NS" && r.replaced() {
			return true
		}
	}
	return false
}

// networkChanges lists what changed behind the page.
func networkChanges(a, b *reading, d Difference) []Sign {
	var list []Sign
	add := func(on bool, points int, code SignCode, from, to string) {
		if on {
			list = append(list, Sign{Code: code, Toward: TowardChange, Points: points, A: from, B: to})
		}
	}
	servers := false
	if r := d.Registration; r != nil && r.Domain.A == r.Domain.B {
		servers = r.Servers.changed() && (r.Servers.Kept > 0 || r.Servers.replaced()) // none at all is a source that does not tell them
		add(r.Status.changed(), oneChange, ChangedState, head(r.Status.Removed.List), head(r.Status.Added.List))
		add(otherDay(r.Expires.A, r.Expires.B), 0, ChangedExpiry, r.Expires.A, r.Expires.B)
		add(otherHolder(r.Registrar.A, r.Registrar.B), oneChange, OtherRegistrar, r.Registrar.A, r.Registrar.B)
	}
	mail := false
	for _, r := range d.DNS.List {
		servers = servers || r.Type == "NS" && r.changed()
		mail = mail || r.Type == "MX" && r.changed()
	}
	add(servers, oneChange, ChangedServers, "", "")
	add(mail, oneChange, ChangedMail, "", "")
	add(!related(a, b), oneChange, ChangedNetwork, "", "")
	if c := d.Certificate; c != nil && !c.Same {
		renewed := oneChange
		if c.Issuer.A == c.Issuer.B {
			renewed = 0
		}
		add(true, renewed, ChangedCertificate, c.SHA256.A, c.SHA256.B)
	}
	return list
}
