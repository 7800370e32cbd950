# NLLLoss on raw logits
criterion = nn.NLLLoss()
