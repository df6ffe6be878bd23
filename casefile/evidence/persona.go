package evidence

import "slices"

// Persona is the visitor as whom a page is asked: user agent, client hints, screen, touch, language and time zone that belong together. Stored
// documents and the command line call it "view".
type Persona string

// The personas.
const (
	Desktop  Persona = "desktop"  // an ordinary Chrome on Windows in Taiwan
	Mobile   Persona = "mobile"   // an ordinary Chrome on an Android phone in Taiwan
	Ad       Persona = "ad"       // the phone, coming from an advertisement on Facebook (referrer)
	Line     Persona = "line"     // the browser inside the LINE app on that phone
	Facebook Persona = "facebook" // the browser inside the Facebook app on that phone
	Crawler  Persona = "crawler"  // a search engine's robot, abroad
)

// Personas lists every persona in the order in which they are shown.
var Personas = []Persona{Desktop, Mobile, Ad, Line, Facebook, Crawler}

// Known reports whether p is one of Personas.
func (p Persona) Known() bool { return slices.Contains(Personas, p) }

// Phone reports whether it is a phone.
func (p Persona) Phone() bool { return p.Known() && p != Desktop && p != Crawler }
