"""Writes bn_net.npz and ternary_net.npz, two small networks with recorded inputs and outputs."""
import numpy as np

state, f32 = 1, np.float32
def draw(*shape, below):  # whole numbers 0..below-1, of a generator that any language repeats
    global state
    numbers = []
    for _ in range(np.prod(shape)):
        state = (state * 1103515245 + 12345) % 2**31
        numbers.append(state // 65536 % below)
    return np.array(numbers).reshape(shape)

def readout(a, x, weight, bias):
    scores = x @ weight.T + bias
    a |= {"readout.weight": weight.astype(f32), "readout.bias": bias, "scores": scores, "classes": scores.argmax(1)}

# Weights and values -1 and +1, batch norm before each sign; 16-12-10-3.
x = draw(64, 16, below=2) * 2 - 1
a = {"input.levels": np.array([-1, 1]), "inputs": x.astype(np.int8)}
for name, neurons in ("hidden1", 12), ("hidden2", 10):
    weight = draw(neurons, x.shape[1], below=2) * 2 - 1
    gamma, beta, mean = ((draw(neurons, below=17) - 8).astype(f32) / 4 for _ in range(3))
    var, eps = (draw(neurons, below=64) + 1).astype(f32) / 8, f32(1e-5)
    y = gamma * (((x @ weight.T).astype(f32) - mean) / np.sqrt(var + eps)) + beta
    x = np.where(y >= 0, 1, -1)  # not np.sign, which has a third value
    a |= {name + ".weight": weight.astype(f32), name + ".levels": np.array([-1, 1]), "outputs." + name: x.astype(np.int8),
          name + ".bn.gamma": gamma, name + ".bn.beta": beta, name + ".bn.mean": mean, name + ".bn.var": var, name + ".bn.eps": eps}
readout(a, x, draw(3, 10, below=2) * 2 - 1, draw(3, below=5) * 2 - 4)
np.savez("bn_net.npz", **a)

# Weights -1, 0 and +1, values 0 and 1, thresholds and biases; 20-14-6-4.
x = draw(64, 20, below=2)
weight, threshold = draw(14, 20, below=3) - 1, (draw(14, below=7) - 2) / 2
a = {"inputs": x.astype(f32), "hidden1.weight": weight.astype(np.int8), "hidden1.threshold": threshold}
x = (x @ weight.T >= threshold).astype(np.uint8)
kernel, bias = draw(14, 6, below=3) - 1, (draw(6, below=9) - 4).astype(f32) / 4
a |= {"outputs.hidden1": x, "hidden2.kernel": kernel.astype(np.float64), "hidden2.bias": bias}
x = (x @ kernel + bias >= 0).astype(np.int64)
readout(a, x, draw(4, 6, below=3) - 1, draw(4, below=5) - 2)
np.savez("ternary_net.npz", **(a | {"outputs.hidden2": x}))
