package visit

import (
	"context"

	"github.com/chromedp/cdproto/input"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/casefile/evidence"
)

// hand is that of a visitor: it moves, presses what shows more, and lets play what can.
type hand struct{ *exhibit.Exhibit }

// point is a place in the window, in CSS pixels.
type point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// move does what any visitor's hand does soon after a page has come: it moves the mouse, or swipes a little. Pages wait for that before
// they show what they have. Nothing is clicked.
func (h hand) move(ctx context.Context) error {
	wide, high := float64(h.Page.Visitor.Width), float64(h.Page.Visitor.Height)
	if h.Page.Visitor.TouchPoints > 0 {
		h.Journal.Note(evidence.ByTool, "swipe", "a finger's width up and down, as a visitor would")
		return h.swipe(ctx, point{wide / 2, high * 0.7}, point{wide / 2, high*0.7 - 40}, point{wide / 2, high * 0.7})
	}
	h.Journal.Note(evidence.ByTool, "move", "the mouse over the page, as a visitor would")
	for _, p := range []point{{wide * 0.3, high * 0.3}, {wide * 0.45, high * 0.4}, {wide * 0.5, high * 0.52}} {
		if err := h.mouse(ctx, input.DispatchMouseEventTypeMouseMoved, p); err != nil {
			return err
		}
	}
	return nil
}

func (h hand) swipe(ctx context.Context, path ...point) error {
	if err := h.touch(ctx, input.DispatchTouchEventTypeTouchStart, path[0]); err != nil {
		return err
	}
	for _, p := range path[1:] {
		if err := h.touch(ctx, input.DispatchTouchEventTypeTouchMove, p); err != nil {
			return err
		}
	}
	return h.touch(ctx, input.DispatchTouchEventTypeTouchEnd)
}

// click presses at a place as a hand does: the page gets trusted events.
func (h hand) click(ctx context.Context, p point) error {
	h.Exchanges.Stir() // what comes of it takes a moment to begin
	if h.Page.Visitor.TouchPoints > 0 {
		if err := h.touch(ctx, input.DispatchTouchEventTypeTouchStart, p); err != nil {
			return err
		}
		return h.touch(ctx, input.DispatchTouchEventTypeTouchEnd)
	}
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		if err := h.mouse(ctx, kind, p); err != nil {
			return err
		}
	}
	return nil
}

func (h hand) mouse(ctx context.Context, kind input.DispatchMouseEventType, p point) error {
	params := input.DispatchMouseEventParams{Type: kind, X: p.X, Y: p.Y}
	if kind != input.DispatchMouseEventTypeMouseMoved {
		params.Button, params.ClickCount = input.MouseButtonLeft, 1
	}
	_, err := devtools.Call(ctx, h.Page.Session, input.DispatchMouseEvent, params)
	return err
}

func (h hand) touch(ctx context.Context, kind input.DispatchTouchEventType, points ...point) error {
	params := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}}
	for _, p := range points {
		params.TouchPoints = append(params.TouchPoints, &input.TouchPoint{X: p.X, Y: p.Y})
	}
	_, err := devtools.Call(ctx, h.Page.Session, input.DispatchTouchEvent, params)
	return err
}
