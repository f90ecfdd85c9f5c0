package jmergekit.linalg;

/// The sizes and constants of a Llama-like decoder.
///
/// @param hidden size of a token's state
/// @param heads number of query heads
/// @param keyHeads number of key and value heads; each serves `heads / keyHeads` query heads
/// @param headSize of one head
/// @param normEpsilon added to the mean square in a norm
public record DecoderShape(
        int layers,
        int hidden,
        int heads,
        int keyHeads,
        int headSize,
        double normEpsilon,
        RotaryFrequencies rotary) {
    public DecoderShape {
        if (layers < 1 || hidden < 1 || keyHeads < 1 || heads < 1 || heads % keyHeads != 0) {
            throw new IllegalArgumentException("invalid sizes for a decoder");
        }
        if (rotary.angles().length * 2 != headSize) {
            throw new IllegalArgumentException("rotary frequencies for another head size");
        }
    }

    /// Bytes of the keys and values of a token in all layers, in float32.
    public long keyValueBytes() {
        return 2L * layers * keyHeads * headSize * Float.BYTES;
    }
}
