package compare

// The signs of two times. A and B are before and after.
const (
	// Towards hands.
	signNewRegistration SignCode = "new-registration" // another date of registration
	signTransferred     SignCode = "transferred"      // to another registrar, after the earlier capture
	signOtherRegistrar  SignCode = "other-registrar"
	signOtherRegistrant SignCode = "other-registrant"
	signOtherServers    SignCode = "other-name-servers" // none stayed
	signOtherKey        SignCode = "other-key"          // of the certificate
	signOtherAddresses  SignCode = "other-addresses"    // in no common network
	signOtherContent    SignCode = "other-content"      // the signs of content sum up to suspect

	// Towards change.
	ChangedText            SignCode = "changed-text"
	ChangedPicture         SignCode = "changed-picture"
	signChangedTitle       SignCode = "changed-title"
	signChangedStatus      SignCode = "changed-status"
	signChangedAddress     SignCode = "changed-address" // at which the visit ended
	ChangedIdentifiers     SignCode = "changed-identifiers"
	ChangedDownloads       SignCode = "changed-downloads"
	ChangedBehind          SignCode = "changed-behind"    // identifiers that no words show: a and b have the first
	ChangedLinks           SignCode = "changed-links"     // where the page leads; a and b have the first
	ChangedCodes           SignCode = "changed-qr-codes"  // a and b have the first
	ChangedResources       SignCode = "changed-resources" // pictures, fonts, papers: other bytes under one address; a has it
	signChangedServers     SignCode = "changed-name-servers"
	signChangedMail        SignCode = "changed-mail-servers"
	signChangedNetwork     SignCode = "changed-network"     // addresses in no common network
	signChangedState       SignCode = "changed-status-code" // of the registration
	signChangedExpiry      SignCode = "changed-expiry"      // 0 points: it was paid for
	signChangedCertificate SignCode = "changed-certificate" // 0 points where the issuer stayed: it was renewed
)

// oneChange is what any change counts that no clock or banner brings about: one is enough for Changed.
const oneChange = 1

// hands lists the signs that somebody else holds the name. contents are the points of content, where it can be judged and is somebody's.
func hands(a, b *reading, d Difference, contents int) []Sign {
	var list []Sign
	add := func(on bool, code SignCode, points int, from, to string) {
		if on {
			list = append(list, Sign{Code: code, Toward: towardHands, Points: points, A: from, B: to})
		}
	}
	if r := d.Registration; r != nil && r.Domain.A == r.Domain.B {
		add(otherDay(r.Created.A, r.Created.B), signNewRegistration, 100, r.Created.A, r.Created.B)
		at, told := day(r.Transferred.B)
		add(told && at.After(d.Sides.A.Started), signTransferred, 60, r.Transferred.A, r.Transferred.B)
		add(otherHolder(r.Registrar.A, r.Registrar.B), signOtherRegistrar, 60, r.Registrar.A, r.Registrar.B)
		add(otherHolder(r.Registrant.A, r.Registrant.B), signOtherRegistrant, 60, r.Registrant.A, r.Registrant.B)
	}
	add(serversReplaced(d), signOtherServers, 35, "", "")
	if c := d.Certificate; c != nil && c.SameKey != nil && !*c.SameKey && hostOf(c.Origin.A) == hostOf(c.Origin.B) {
		add(true, signOtherKey, 10, c.KeySHA256.A, c.KeySHA256.B)
	}
	add(!related(a, b), signOtherAddresses, 10, "", "")
	if contents >= suspect && d.Page.SameSite {
		list = append(list, Sign{Code: signOtherContent, Toward: towardHands, Points: 40, Measure: &measure{float64(contents), suspect}})
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
			list = append(list, Sign{Code: code, Toward: towardChange, Points: points, A: from, B: to})
		}
	}
	servers := false
	if r := d.Registration; r != nil && r.Domain.A == r.Domain.B {
		servers = r.Servers.changed() && (r.Servers.Kept > 0 || r.Servers.replaced()) // none at all is a source that does not tell them
		add(r.Status.changed(), oneChange, signChangedState, head(r.Status.Removed.List), head(r.Status.Added.List))
		add(otherDay(r.Expires.A, r.Expires.B), 0, signChangedExpiry, r.Expires.A, r.Expires.B)
		add(otherHolder(r.Registrar.A, r.Registrar.B), oneChange, signOtherRegistrar, r.Registrar.A, r.Registrar.B)
	}
	mail := false
	for _, r := range d.DNS.List {
		servers = servers || r.Type == "NS" && r.changed()
		mail = mail || r.Type == "MX" && r.changed()
	}
	add(servers, oneChange, signChangedServers, "", "")
	add(mail, oneChange, signChangedMail, "", "")
	add(!related(a, b), oneChange, signChangedNetwork, "", "")
	if c := d.Certificate; c != nil && !c.Same {
		renewed := oneChange
		if c.Issuer.A == c.Issuer.B {
			renewed = 0
		}
		add(true, renewed, signChangedCertificate, c.SHA256.A, c.SHA256.B)
	}
	return list
}
