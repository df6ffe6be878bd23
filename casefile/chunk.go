package casefile

import "encoding/binary"

const (
	minChunk = 64 << 10
	avgChunk = 256 << 10
	maxChunk = 1 << 20
	minRun   = 4 << 10 // a run between two marks that is shorter gets no chunks of its own

	hardMask = uint64(1<<20-1) << 44 // up to avgChunk
	easyMask = uint64(1<<16-1) << 48 // after it
)

// gear is the table of the rolling hash; each case has its own, so that lengths of chunks do not betray known files.
type gear [256]uint64

func newGear(key []byte) *gear {
	g := new(gear)
	for i := range g {
		g[i] = binary.LittleEndian.Uint64(key[8*i:])
	}
	return g
}

// chunker cuts a stream by its content and at marks. Each chunk is handed to emit, which owns it.
type chunker struct {
	gear *gear
	take func() []byte // gives an empty buffer with room for maxChunk
	emit func(chunk []byte) error
	buf  []byte
	hash uint64
	mark int   // where in buf the last mark is, when nothing was cut there; 0 is no mark
	run  int64 // bytes since the last mark
}

func (c *chunker) write(p []byte) error {
	for len(p) > 0 {
		if c.buf == nil {
			c.buf = c.take()
		}
		n, cut := c.scan(c.untilRun(p))
		c.buf = append(c.buf, p[:n]...)
		c.run += int64(n)
		p = p[n:]
		var err error
		switch {
		case cut:
			err = c.flush()
		case c.mark > 0 && c.run >= minRun:
			err = c.split()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// untilRun is as much of p as leads to the decision whether a marked run is long enough for chunks of its own.
func (c *chunker) untilRun(p []byte) []byte {
	if c.mark > 0 && c.run < minRun {
		return p[:min(int64(len(p)), minRun-c.run)]
	}
	return p
}

// scan looks for the next cut in p: n bytes belong to the present chunk.
func (c *chunker) scan(p []byte) (n int, cut bool) {
	have := len(c.buf)
	i := min(len(p), max(0, minChunk-have))
	h, g := c.hash, c.gear
	for _, stage := range [2]struct {
		end  int
		mask uint64
	}{{avgChunk, hardMask}, {maxChunk, easyMask}} {
		end := min(len(p), stage.end-have)
		for ; i < end; i++ {
			h = h<<1 + g[p[i]]
			if h&stage.mask == 0 {
				return i + 1, true
			}
		}
	}
	c.hash = h
	return i, have+i >= maxChunk
}

// cut marks the present place: what comes before and after it is likely to recur apart.
func (c *chunker) cut() error {
	if c.run >= minRun {
		c.run = 0
		return c.flush()
	}
	c.run, c.mark = 0, len(c.buf)
	return nil
}

// split ends the chunk at the mark and begins the next one there.
func (c *chunker) split() error {
	rest := append(c.take(), c.buf[c.mark:]...)
	c.buf = c.buf[:c.mark]
	if err := c.flush(); err != nil {
		return err
	}
	c.buf = rest
	return nil
}

// flush ends the chunk here.
func (c *chunker) flush() error {
	chunk := c.buf
	c.buf, c.hash, c.mark = nil, 0, 0
	if len(chunk) == 0 {
		return nil
	}
	return c.emit(chunk)
}
